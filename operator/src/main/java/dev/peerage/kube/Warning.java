package dev.peerage.kube;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Service;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Something that is wrong with an object as long as it is.
 *
 * @param subject the object
 * @param reason one word in camel case
 * @param note what is wrong, what follows, what to do
 */
public record Warning(Subject subject, String reason, String note) {
  /** The longest note that the API server takes, in octets of UTF-8. */
  static final int LONGEST_NOTE = 1024;

  private static final int LONGEST_NAME = 253;
  private static final int HASH_OCTETS = 8;

  /** Shortens the note to what the API server takes. */
  public Warning {
    note = shortened(note);
  }

  /**
   * The name of its Event: the same for the same warning, whoever says it, so that there is one
   * Event however often a process starts.
   */
  String eventName() {
    String hash =
        HexFormat.of()
            .formatHex(
                Arrays.copyOf(sha256(String.join("\0", subject.uid(), reason, note)), HASH_OCTETS));
    int room = LONGEST_NAME - hash.length() - 1;
    String name = subject.name();
    return (name.length() > room ? name.substring(0, room) : name) + "." + hash;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String shortened(String note) {
    byte[] octets = note.getBytes(StandardCharsets.UTF_8);
    if (octets.length <= LONGEST_NOTE) {
      return note;
    }
    int end = LONGEST_NOTE - "…".getBytes(StandardCharsets.UTF_8).length;
    while ((octets[end] & 0xc0) == 0x80) {
      end--; // not within a character
    }
    return new String(octets, 0, end, StandardCharsets.UTF_8) + "…";
  }

  /**
   * An object.
   *
   * @param apiVersion for example {@code cilium.io/v2}
   * @param kind for example {@code CiliumBGPPeerConfig}
   * @param namespace empty for one without namespace
   * @param name its name
   * @param uid tells it from an earlier object of that name
   */
  public record Subject(String apiVersion, String kind, String namespace, String name, String uid) {
    /** An object without namespace. */
    public Subject(String apiVersion, String kind, String name, String uid) {
      this(apiVersion, kind, "", name, uid);
    }

    /** A Service. */
    public static Subject of(Service service) {
      ObjectMeta metadata = service.getMetadata();
      return new Subject(
          "v1", "Service", ServiceKey.namespaceOf(service), metadata.getName(), metadata.getUid());
    }
  }
}
