package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seeks the lease that says which process of a cluster may write, and keeps it. {@link Election}
 * decides; this reads, writes and waits. A renewal that fails ends nothing: what may be written
 * while it is not known who leads is the {@link LeaseFence}'s to say. Only another holder ends it.
 */
public final class Elector {
  /** For how long somebody who does not renew the lease keeps it. */
  static final Duration DURATION = Duration.ofSeconds(15);

  private static final Logger log = LoggerFactory.getLogger(Elector.class);
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final String FIELD_MANAGER = "peerage-operator";

  /** As the API server takes the times of a lease. */
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  private final KubernetesClient client;
  private final InstantSource clock;
  private final String namespace;
  private final String name;
  private final String identity;
  private final Trouble trouble = new Trouble();
  private String told = "";
  private volatile boolean hasHeld;

  /**
   * Does nothing yet.
   *
   * @param clock for the times in the lease, which are for people
   * @param namespace where the lease lives
   * @param identity of this process, which no other one has
   */
  public Elector(
      KubernetesClient client,
      InstantSource clock,
      String namespace,
      String name,
      String identity) {
    this.client = client;
    this.clock = clock;
    this.namespace = namespace;
    this.name = name;
    this.identity = identity;
  }

  /**
   * Returns when another process holds the lease that this one has held, and the fence is lost
   * then.
   *
   * @throws InterruptedException when it is to end; the lease stays as it is
   */
  public void seekAndKeep(LeaseFence fence) throws InterruptedException {
    var election = new Election(identity, DURATION);
    var leading = false;
    Optional<Lease> unwritten = Optional.empty();
    while (true) {
      Duration wait = PERIOD;
      try {
        // A write that was refused is tried again at once: where every second request fails, the
        // reading would succeed each time and the write never. An older version writes nothing.
        Optional<Lease> seen = unwritten.isPresent() ? unwritten : read();
        unwritten = Optional.empty();
        switch (election.next(seen, fence.now())) {
          case Election.Move.Make() -> {
            Duration sent = fence.now();
            hasHeld = true;
            make();
            election.written();
            fence.renewed(sent);
          }
          case Election.Move.Hold(Lease read) -> {
            Duration sent = fence.now();
            hasHeld = true;
            unwritten = Optional.of(read);
            hold(read);
            unwritten = Optional.empty();
            election.written();
            fence.renewed(sent);
          }
          case Election.Move.Follow(String holder) -> tellLeader(holder);
          case Election.Move.Lost(String holder) -> {
            fence.lose();
            log.warn(
                "Lost the lease {}, which {} holds now; following it",
                this,
                holder.isEmpty() ? "nobody" : holder);
            return;
          }
        }
        trouble.over(how -> log.info("The lease {} can be read and renewed again{}", this, how));
        if (!leading && fence.holds()) {
          leading = true;
          tellLeader(identity);
          log.info("Leading: holding the lease {}", this);
        }
      } catch (RuntimeException e) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (e instanceof KubernetesClientException refused && Writes.isOvertaken(refused)) {
          unwritten = Optional.empty();
        }
        fence.doubt();
        tellFailure(e);
        wait = AFTER_FAILURE;
      }
      Thread.sleep(wait);
    }
  }

  private void tellLeader(String holder) {
    if (!holder.equals(told)) {
      told = holder;
      log.info("The leader is {}", holder);
    }
  }

  private void tellFailure(RuntimeException e) {
    if (e instanceof KubernetesClientException refused && Writes.isOvertaken(refused)) {
      log.debug("Another process has written the lease {}", this);
    } else if (!ApiServerAway.tell(client, e)) {
      trouble.lasts(how ->
          log.error(
              "The lease {} can neither be held nor taken; nothing is written before it can{}: {}",
              this,
              how,
              e instanceof KubernetesClientException refused
                  ? Writes.reason(refused)
                  : e.toString()));
    }
  }

  private Optional<Lease> read() {
    @Nullable Lease found = client.leases().inNamespace(namespace).withName(name).get();
    return Optional.ofNullable(found);
  }

  private void make() {
    ZonedDateTime now = now();
    var _ =
        client
            .resource(
                new LeaseBuilder(bare())
                    .withNewSpec()
                    .withHolderIdentity(identity)
                    .withLeaseDurationSeconds((int) DURATION.toSeconds())
                    .withAcquireTime(now)
                    .withRenewTime(now)
                    .withLeaseTransitions(0)
                    .endSpec()
                    .build())
            .create();
  }

  /** Only if nobody has written it since it was read. */
  private void hold(Lease read) {
    boolean own = identity.equals(holder(read));
    var fields = new HashMap<String, @Nullable Object>();
    fields.put("holderIdentity", identity);
    fields.put("leaseDurationSeconds", DURATION.toSeconds());
    fields.put("renewTime", MICROS.format(now()));
    if (!own) {
      fields.put("acquireTime", MICROS.format(now()));
      fields.put("leaseTransitions", transitions(read) + 1);
    }
    patch(read, fields);
  }

  private void patch(Lease read, Map<String, @Nullable Object> fields) {
    var _ =
        Patch.MERGE.send(
            client,
            bare(),
            FIELD_MANAGER,
            Map.of(
                "metadata",
                Map.of("resourceVersion", read.getMetadata().getResourceVersion()),
                "spec",
                fields));
  }

  private Lease bare() {
    return new LeaseBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .build();
  }

  private static String holder(Lease lease) {
    return lease.getSpec() == null
        ? ""
        : Objects.requireNonNullElse(lease.getSpec().getHolderIdentity(), "");
  }

  private static int transitions(Lease lease) {
    return lease.getSpec() == null
        ? 0
        : Objects.requireNonNullElse(lease.getSpec().getLeaseTransitions(), 0);
  }

  private ZonedDateTime now() {
    return clock.instant().atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * Gives the lease up at once, so that another process need not wait for it to run out. Does
   * nothing when somebody else holds it.
   */
  public void release() {
    if (!hasHeld) {
      return;
    }
    try {
      Optional<Lease> read = read();
      if (read.isEmpty() || !identity.equals(holder(read.get()))) {
        return;
      }
      Map<String, @Nullable Object> nobody = new HashMap<>();
      nobody.put("holderIdentity", null);
      patch(read.get(), nobody);
      log.info("Gave the lease {} up", this);
    } catch (KubernetesClientException e) {
      log.warn(
          "The lease {} cannot be given up, the next operator waits until it runs out: {}",
          this,
          ApiServerAway.isMeantBy(e) ? "the API server does not answer" : Writes.reason(e));
    }
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
