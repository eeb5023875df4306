package dev.peerage.http;

import dev.peerage.http.ReviewBook.Look;
import dev.peerage.kube.Writes;
import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the API server who shows a token (TokenReview) and whether he may {@code get} the URL {@code
 * /metrics} (SubjectAccessReview). Its answers are remembered for a minute. Of tokens only hashes
 * are kept, and nothing is logged.
 */
public final class TokenReviews implements ScrapeAccess {
  private static final Logger log = LoggerFactory.getLogger(TokenReviews.class);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final ReviewBook book = new ReviewBook();
  private volatile String problem = "";

  /** Knows no token yet. */
  public TokenReviews(KubernetesClient client, InstantSource clock) {
    this.client = client;
    this.clock = clock;
  }

  @Override
  public Verdict of(String token) {
    String hash = hash(token);
    Look look;
    synchronized (book) {
      look = book.look(hash, clock.instant());
    }
    return switch (look) {
      case Look.Known(Verdict verdict) -> verdict;
      case Look.Ask(Optional<Verdict> otherwise) -> ask(token, hash, otherwise);
    };
  }

  private Verdict ask(String token, String hash, Optional<Verdict> otherwise) {
    Verdict verdict;
    try {
      verdict = ask(token);
      problem = "";
    } catch (KubernetesClientException e) {
      synchronized (book) {
        book.failed(clock.instant());
      }
      return otherwise.orElse(unknown(e));
    }
    synchronized (book) {
      book.learned(hash, verdict, clock.instant());
    }
    return verdict;
  }

  private Verdict unknown(KubernetesClientException e) {
    String why = e.getCode() > 0 ? "it answers " + e.getCode() : "it cannot be reached";
    if (!why.equals(problem)) {
      problem = why;
      log.warn(
          "The API server cannot be asked who may read the metrics: {}; who is not known is not"
              + " answered until it can",
          e.getCode() > 0 ? why + ": " + Writes.reason(e) : why);
    }
    return new Verdict.Unknown("the API server cannot be asked: " + why);
  }

  private Verdict ask(String token) {
    TokenReview review =
        client
            .resource(new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build())
            .create();
    UserInfo user = review.getStatus().getUser();
    if (!Boolean.TRUE.equals(review.getStatus().getAuthenticated()) || user == null) {
      return new Verdict.Unauthenticated("the API server does not know the token");
    }
    boolean allowed =
        client
            .resource(
                new SubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withUser(user.getUsername())
                    .withUid(user.getUid())
                    .withGroups(user.getGroups())
                    .withExtra(user.getExtra())
                    .withNewNonResourceAttributes()
                    .withPath("/metrics")
                    .withVerb("get")
                    .endNonResourceAttributes()
                    .endSpec()
                    .build())
            .create()
            .getStatus()
            .getAllowed();
    return allowed ? new Verdict.Allowed() : new Verdict.Forbidden(user.getUsername());
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
