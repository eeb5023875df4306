package dev.peerage.snapshot;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.announce.NodePlanner;
import dev.peerage.fixture.Manifests;
import dev.peerage.fixture.SeedLab;
import dev.peerage.host.HostNetwork;
import dev.peerage.peering.CiliumNodeIpam;
import dev.peerage.peering.NodeContext;
import dev.peerage.peering.NodeSettings;
import dev.peerage.peering.NodeSnapshot;
import dev.peerage.peering.Passwords;
import dev.peerage.peering.PodIpPool;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotFileTest {
  private static final Moment TAKEN =
      new Moment(Instant.parse("2026-11-30T12:00:00Z"), "boot", Duration.ofSeconds(100));
  private static final Moment LATER =
      new Moment(Instant.parse("2026-11-30T12:01:00Z"), "boot", Duration.ofSeconds(160));
  private static final Duration DAY = Duration.ofDays(1);

  private static final NodeSnapshot OBJECTS =
      Manifests.of(
              SeedLab.LAB.replace("spec:\n  timers", "spec:\n  authSecretRef: bgp\n  timers"),
              SeedLab.advertisement("vips", "{advertise: bgp}", "LoadBalancerIP", "{}", ""),
              SeedLab.service("web", "externalTrafficPolicy: Local"),
              """
              kind: EndpointSlice
              metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
              addressType: IPv4
              endpoints: [{addresses: [172.20.0.9], nodeName: k8s-ctr, conditions: {ready: true}}, {}]
              """)
          .snapshot(
              new NodeContext(
                  NodeSettings.DEFAULT,
                  HostNetwork.NONE,
                  Passwords.of(
                      "kube-system",
                      List.of(
                          new SecretBuilder()
                              .withNewMetadata()
                              .withName("bgp")
                              .endMetadata()
                              .addToStringData("password", "hunter2")
                              .addToData("password", "aHVudGVyMg==")
                              .build())),
                  List.of(new PodIpPool("blue", Map.of("color", "blue"))),
                  Optional.of(
                      new CiliumNodeIpam(
                          List.of("10.0.0.0/24"), Map.of("blue", List.of("10.1.0.0/24"))))));

  @TempDir private Path folder;
  private SnapshotFile file;
  private Path path;

  @BeforeEach
  void write() throws IOException {
    file = new SnapshotFile(folder);
    path = file.path();
    file.write(new Snapshot(TAKEN, OBJECTS));
  }

  private Reading read() {
    return file.read("k8s-ctr", LATER, DAY);
  }

  private String refusal() {
    assertThat(read()).isInstanceOf(Reading.Unusable.class);
    return ((Reading.Unusable) read()).why();
  }

  @Test
  void whatIsReadLeadsToTheSamePlanAsWhatWasWritten() {
    Reading.Usable usable = (Reading.Usable) read();

    assertThat(usable.age()).isEqualTo(Duration.ofMinutes(1));
    assertThat(usable.snapshot().taken()).isEqualTo(TAKEN);
    NodeSnapshot read = usable.snapshot().objects();
    NodeContext context = OBJECTS.context();
    assertThat(read.context().podIpPools()).isEqualTo(context.podIpPools());
    assertThat(read.context().ciliumNode()).isEqualTo(context.ciliumNode());
    assertThat(NodePlanner.plan(with(read, context)).desired())
        .isEqualTo(NodePlanner.plan(OBJECTS).desired())
        .satisfies(desired -> assertThat(desired.toString()).contains("172.16.1.1/32"));
  }

  private static NodeSnapshot with(NodeSnapshot objects, NodeContext context) {
    return new NodeSnapshot(
        objects.node(),
        objects.nodeConfigs(),
        objects.peerConfigs(),
        objects.advertisements(),
        objects.services(),
        objects.endpointSlices(),
        context);
  }

  @Test
  void noPasswordIsInIt() throws IOException {
    assertThat(Files.readString(path))
        .contains("authSecretRef")
        .doesNotContain("hunter2", "aHVudGVyMg", "kube-system");
    assertThat(((Reading.Usable) read()).snapshot().objects().context().passwords())
        .isEqualTo(Passwords.NONE);
  }

  @Test
  void onlyItsOwnerMayReadOrWriteItAndNothingElseIsLeft() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void itIsReplacedAsAWhole() throws IOException {
    Object before = Files.getAttribute(path, "unix:ino");
    file.write(new Snapshot(LATER, OBJECTS));

    assertThat(Files.getAttribute(path, "unix:ino")).isNotEqualTo(before);
    assertThat(((Reading.Usable) read()).age()).isZero();
  }

  @Test
  void anInterruptedWriteIsNoObstacle() throws IOException {
    Files.writeString(folder.resolve(SnapshotFile.NAME + ".new"), "half");
    file.write(new Snapshot(LATER, OBJECTS));

    assertThat(read()).isInstanceOf(Reading.Usable.class);
  }

  @Test
  void theTemporaryNameIsNotFollowedElsewhere() throws IOException {
    Path elsewhere = folder.resolve("elsewhere");
    Files.writeString(elsewhere, "precious");
    Files.createSymbolicLink(folder.resolve(SnapshotFile.NAME + ".new"), elsewhere);
    file.write(new Snapshot(LATER, OBJECTS));

    assertThat(elsewhere).hasContent("precious");
    assertThat(path).isRegularFile();
  }

  @Test
  void withoutFileThereIsNone() throws IOException {
    file.delete();

    assertThat(read()).isEqualTo(new Reading.Absent());
    assertThat(new SnapshotFile(folder.resolve("none")).read("k8s-ctr", LATER, DAY))
        .isEqualTo(new Reading.Absent());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 19, 20, 100, 1000})
  void cutShortItIsRefused(int length) throws IOException {
    Files.write(path, Arrays.copyOf(Files.readAllBytes(path), length));

    assertThat(refusal()).matches("is none|breaks off|is damaged.*");
  }

  /** Every byte of it, one after the other. */
  @Test
  void withAnyByteChangedItIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(path);
    RandomGenerator random = RandomGeneratorFactory.getDefault().create(7);
    for (int i = 0; i < whole.length; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) random.nextInt(1, 256);
      Files.write(path, damaged);

      assertThat(read()).as("byte %d", i).isInstanceOf(Reading.Unusable.class);
    }
  }

  @Test
  void aLineMoreIsRefused() throws IOException {
    Files.writeString(path, Files.readString(path) + "SERVICE {}\n");

    assertThat(refusal()).startsWith("is damaged");
  }

  @Test
  void anotherVersionIsRefused() throws IOException {
    Files.writeString(path, Files.readString(path).replaceFirst("snapshot 1", "snapshot 2"));

    assertThat(refusal()).contains("another version");
  }

  @Test
  void contentsThatAProgramOfThisVersionCannotHaveWrittenAreRefused() throws Exception {
    String text = SnapshotFormat.VERSION + "SOMETHING {}\n";
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    Files.writeString(path, text + "sha256 " + HexFormat.of().formatHex(digest) + "\n", ISO_8859_1);

    assertThat(refusal()).startsWith("cannot be understood");
  }

  @Test
  void thatOfAnotherNodeIsRefused() {
    assertThat(file.read("k8s-w0", LATER, DAY))
        .isEqualTo(new Reading.Unusable("is of another node, k8s-ctr"));
  }

  @Test
  void tooOldOrOfUnknownAgeItIsRefused() {
    assertThat(((Reading.Unusable) file.read("k8s-ctr", LATER, Duration.ofSeconds(59))).why())
        .contains("60 s old; 59 s are allowed");
    Moment before = new Moment(Instant.parse("2026-01-01T00:00:00Z"), "next", Duration.ZERO);
    assertThat(((Reading.Unusable) file.read("k8s-ctr", before, DAY)).why())
        .contains("its age is unknown");
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path moved = folder.resolve("moved");
    Files.move(path, moved);
    Files.createSymbolicLink(path, moved);

    assertThat(refusal()).isEqualTo("is no regular file");
  }

  @Test
  void whatOthersMayWriteIsRefused() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));

    assertThat(refusal()).contains("others");
  }

  @Test
  void whatIsTooLongIsNeitherWrittenNorRead() {
    var small = new SnapshotFile(folder, 1000);

    assertThatThrownBy(() -> small.write(new Snapshot(LATER, OBJECTS)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("longer than 1000 bytes");
    assertThat(((Reading.Unusable) small.read("k8s-ctr", LATER, DAY)).why()).contains("longer");
    assertThat(((Reading.Usable) read()).age()).as("the old one").isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void aFolderThatIsNotThereIsTold() {
    var nowhere = new SnapshotFile(folder.resolve("none"));

    assertThatThrownBy(() -> nowhere.write(new Snapshot(LATER, OBJECTS)))
        .isInstanceOf(IOException.class);
    assertThat(read()).isInstanceOf(Reading.Usable.class);
  }
}
