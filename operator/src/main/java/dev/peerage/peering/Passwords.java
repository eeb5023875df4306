package dev.peerage.peering;

import dev.peerage.bgp.speaker.Endpoint.Authentication.TcpMd5;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the Secrets of the BGP secrets namespace hold under the key {@code password}. Never shown.
 *
 * @param namespace the namespace; empty when none is configured
 * @param known whether its Secrets have been read
 * @param bySecret the entry of every Secret in it
 */
public record Passwords(String namespace, boolean known, Map<String, Entry> bySecret) {
  /** No namespace is configured. */
  public static final Passwords NONE = new Passwords("", true, Map.of());

  /** The key of a Secret that holds the password. */
  public static final String KEY = "password";

  /** Where Cilium's chart has it look for Secrets, unless it is told otherwise. */
  private static final String CILIUMS_DEFAULT = "kube-system";

  /** The longest password in octets (RFC 2385 leaves it open; Linux takes 80). */
  public static final int LONGEST = 80;

  public Passwords {
    bySecret = Map.copyOf(bySecret);
  }

  /**
   * Reads Secrets.
   *
   * @param namespace where they come from
   * @param secrets all Secrets there
   */
  public static Passwords of(String namespace, Collection<Secret> secrets) {
    return new Passwords(
        namespace,
        true,
        secrets.stream()
            .collect(Collectors.toMap(secret -> secret.getMetadata().getName(), Passwords::read)));
  }

  /** The Secrets of this namespace cannot be read. */
  public static Passwords unknown(String namespace) {
    return new Passwords(namespace, false, Map.of());
  }

  /** What to do about a Secret that is not in this namespace. */
  public static String whereToPut(String namespace) {
    String create = "create it there with the key 'password'";
    return namespace.equals(CILIUMS_DEFAULT)
        ? create
        : create
            + ", or, where it lies in Cilium's default namespace, set"
            + " bgpControlPlane.secretsNamespace.name="
            + CILIUMS_DEFAULT
            + " of the chart";
  }

  /** A copy of a Secret that leads to the same problems, or to none, but holds no password. */
  public static Secret withoutPassword(Secret secret) {
    Map<String, String> data =
        switch (read(secret)) {
          case Entry.Password(var key) -> holding(key.key().endsWith("\n") ? "-\n" : "-");
          case Entry.NoKey _ -> Map.of();
          case Entry.Empty _ -> holding("");
          case Entry.TooLong(int octets) -> holding("-".repeat(octets));
          case Entry.NotText _ -> Map.of(KEY, "/w==");
        };
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(secret.getMetadata().getNamespace())
        .withName(secret.getMetadata().getName())
        .withResourceVersion(secret.getMetadata().getResourceVersion())
        .endMetadata()
        .withData(data)
        .build();
  }

  private static Map<String, String> holding(String text) {
    return Map.of(KEY, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** What a Secret holds. The one rule for what a password may be: operator and agent ask here. */
  public static Entry read(Secret secret) {
    Map<String, String> data = secret.getData();
    @Nullable String encoded = data == null ? null : data.get(KEY);
    // The API server encodes without line breaks; a manifest outside a cluster may have them.
    return encoded == null ? new Entry.NoKey() : password(Base64.getMimeDecoder().decode(encoded));
  }

  private static Entry password(byte[] octets) {
    if (octets.length == 0) {
      return new Entry.Empty();
    }
    if (octets.length > LONGEST) {
      return new Entry.TooLong(octets.length);
    }
    try {
      return new Entry.Password(
          new TcpMd5(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString()));
    } catch (CharacterCodingException e) {
      return new Entry.NotText();
    }
  }

  /** Without the entries. */
  @Override
  public String toString() {
    return "Passwords[namespace=%s, known=%s, secrets=%d]"
        .formatted(namespace, known, bySecret.size());
  }

  /** What a Secret holds. */
  public sealed interface Entry {
    /** A usable password. */
    record Password(TcpMd5 key) implements Entry {}

    /** There is no key {@code password}. */
    record NoKey() implements Entry {}

    /** The key holds nothing. */
    record Empty() implements Entry {}

    /**
     * The key holds more than TCP MD5 signatures take.
     *
     * @param octets how much
     */
    record TooLong(int octets) implements Entry {}

    /** The key holds octets that are no UTF-8 text. */
    record NotText() implements Entry {}
  }
}
