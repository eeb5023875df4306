package dev.peerage.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.peerage.crd.v2.CiliumBGPAdvertisement;
import dev.peerage.crd.v2.CiliumBGPNodeConfig;
import dev.peerage.crd.v2.CiliumBGPPeerConfig;
import dev.peerage.peering.CiliumNodeIpam;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.PodIpPool;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The bytes of a snapshot: a line with the version of the format, one line per object with its kind
 * and its JSON, and a line with the checksum of all before. Pure.
 *
 * <p>The objects are those of the API, in the API's own JSON, and so outlive releases; what follows
 * from them is planned anew.
 */
final class SnapshotFormat {
  private static final String NAME = "peerage-snapshot ";

  /** Counts up when an older or newer program would misunderstand what is in it. */
  static final String VERSION = NAME + "1\n";

  private static final String CHECKSUM = "sha256 ";
  private static final int TRAILER = CHECKSUM.length() + 64 + 1;

  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  private SnapshotFormat() {}

  /** The kinds of lines. */
  private enum Line {
    TAKEN(Taken.class),
    NODE(Node.class),
    NODE_CONFIG(CiliumBGPNodeConfig.class),
    PEER_CONFIG(CiliumBGPPeerConfig.class),
    ADVERTISEMENT(CiliumBGPAdvertisement.class),
    SERVICE(Service.class),
    ENDPOINT_SLICE(EndpointSlice.class),
    POD_IP_POOL(PodIpPool.class),
    CILIUM_NODE(CiliumNodeIpam.class);

    private final Class<?> type;

    Line(Class<?> type) {
      this.type = type;
    }
  }

  /** When, as the file has it. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Taken(String time, String boot, long uptimeMillis) {
    static Taken of(Moment moment) {
      return new Taken(moment.time().toString(), moment.boot(), moment.uptime().toMillis());
    }

    Moment moment() {
      return new Moment(Instant.parse(time), boot, Duration.ofMillis(uptimeMillis));
    }
  }

  /** Writes a snapshot; the stream stays open. */
  static void write(Snapshot snapshot, OutputStream to) throws IOException {
    var digest = new DigestOutputStream(to, sha256());
    digest.write(VERSION.getBytes(UTF_8));
    try {
      lines(snapshot).forEach(line -> write(line, digest));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    to.write(trailer(digest.getMessageDigest()));
  }

  private record Written(Line line, Object object) {}

  private static Stream<Written> lines(Snapshot snapshot) {
    NodeSnapshot objects = snapshot.objects();
    return Stream.of(
            written(Line.TAKEN, Stream.of(Taken.of(snapshot.taken()))),
            written(Line.NODE, Stream.of(objects.node())),
            written(
                Line.NODE_CONFIG,
                objects.nodeConfigs().stream()
                    .map(each -> specOnly(each, new CiliumBGPNodeConfig()))),
            written(
                Line.PEER_CONFIG,
                objects.peerConfigs().stream()
                    .map(each -> specOnly(each, new CiliumBGPPeerConfig()))),
            written(
                Line.ADVERTISEMENT,
                objects.advertisements().stream()
                    .map(each -> specOnly(each, new CiliumBGPAdvertisement()))),
            written(Line.SERVICE, objects.services().stream()),
            written(Line.ENDPOINT_SLICE, objects.endpointSlices().stream()),
            written(Line.POD_IP_POOL, objects.context().podIpPools().stream()),
            written(Line.CILIUM_NODE, objects.context().ciliumNode().stream()))
        .flatMap(each -> each);
  }

  private static Stream<Written> written(Line line, Stream<?> objects) {
    return objects.map(object -> new Written(line, object));
  }

  /** Without status and without what the API server keeps for itself. */
  private static <S, C extends CustomResource<S, ?>> C specOnly(C whole, C empty) {
    empty.setMetadata(metadata(whole));
    empty.setSpec(whole.getSpec());
    return empty;
  }

  private static ObjectMeta metadata(HasMetadata object) {
    ObjectMeta metadata = object.getMetadata();
    return new ObjectMetaBuilder()
        .withName(metadata.getName())
        .withUid(metadata.getUid())
        .withGeneration(metadata.getGeneration())
        .withResourceVersion(metadata.getResourceVersion())
        .withLabels(metadata.getLabels())
        .withOwnerReferences(metadata.getOwnerReferences())
        .build();
  }

  private static void write(Written written, OutputStream to) {
    try {
      to.write((written.line() + " " + JSON.asJson(written.object()) + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] trailer(MessageDigest digest) {
    return (CHECKSUM + HexFormat.of().formatHex(digest.digest()) + "\n").getBytes(UTF_8);
  }

  /** Reads what {@link #write} has written, all of it. */
  static Snapshot read(byte[] bytes) throws UnusableSnapshotException {
    var first = new String(bytes, 0, Math.min(bytes.length, VERSION.length()), UTF_8);
    if (!first.equals(VERSION)) {
      throw new UnusableSnapshotException(
          first.startsWith(NAME) ? "has another version than this program reads" : "is none");
    }
    int end = bytes.length - TRAILER;
    if (end < VERSION.length()) {
      throw new UnusableSnapshotException("breaks off");
    }
    MessageDigest digest = sha256();
    digest.update(bytes, 0, end);
    if (!Arrays.equals(trailer(digest), Arrays.copyOfRange(bytes, end, bytes.length))) {
      throw new UnusableSnapshotException("is damaged: its checksum is wrong");
    }
    try {
      return parsed(new String(bytes, VERSION.length(), end - VERSION.length(), UTF_8));
    } catch (RuntimeException e) {
      throw new UnusableSnapshotException("cannot be understood: " + e);
    }
  }

  private static Snapshot parsed(String text) {
    Map<Line, List<Object>> objects = new EnumMap<>(Line.class);
    text.lines()
        .forEach(each -> {
          int space = each.indexOf(' ');
          Line line = Line.valueOf(each.substring(0, space));
          objects
              .computeIfAbsent(line, _ -> new ArrayList<>())
              .add(JSON.unmarshal(each.substring(space + 1), line.type));
        });
    Moment taken = all(objects, Line.TAKEN, Taken.class).getFirst().moment();
    return new Snapshot(
        taken,
        new NodeSnapshot(
            all(objects, Line.NODE, Node.class).getFirst(),
            all(objects, Line.NODE_CONFIG, CiliumBGPNodeConfig.class),
            all(objects, Line.PEER_CONFIG, CiliumBGPPeerConfig.class),
            all(objects, Line.ADVERTISEMENT, CiliumBGPAdvertisement.class),
            all(objects, Line.SERVICE, Service.class),
            all(objects, Line.ENDPOINT_SLICE, EndpointSlice.class),
            new NodeContext(
                NodeContext.NONE.settings(),
                NodeContext.NONE.host(),
                NodeContext.NONE.passwords(),
                all(objects, Line.POD_IP_POOL, PodIpPool.class),
                all(objects, Line.CILIUM_NODE, CiliumNodeIpam.class).stream().findFirst())));
  }

  private static <T> List<T> all(Map<Line, List<Object>> objects, Line line, Class<T> type) {
    return objects.getOrDefault(line, List.of()).stream().map(type::cast).toList();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
