package dev.peerage.bgp.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.AsPath;
import dev.peerage.bgp.wire.Bytes;
import dev.peerage.bgp.wire.Community;
import dev.peerage.bgp.wire.Keepalive;
import dev.peerage.bgp.wire.Origin;
import dev.peerage.bgp.wire.PathAttribute;
import dev.peerage.bgp.wire.PathAttributes;
import dev.peerage.bgp.wire.PrefixList;
import dev.peerage.bgp.wire.Update;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Everything that is bad, and legal UPDATEs with large attributes, against the speaker of an agent
 * in a process with the image's Java options and the chart's memory: where this machine lets the
 * test make one, in a control group with that limit, whose kernel ends what goes beyond.
 */
class HostileProcessTest {
  /** The chart's limit; MemoryTest holds the two together. */
  private static final int LIMIT_MIB = 512;

  private static final String GOOD = "10.0.0.11";
  private static final List<String> LARGE =
      List.of("10.0.0.21", "10.0.0.22", "10.0.0.23", "10.0.0.24", "10.0.0.25");

  /** Its routes are used: it is to lose its session for what they take. */
  private static final String USED = "10.0.0.31";

  private final Loopback loopback = new Loopback();
  private final String node = host("10.0.0.1");
  private final Path group = Path.of("/sys/fs/cgroup/memory/peerage-hostile-" + node);
  private final List<RawPeer> open = new CopyOnWriteArrayList<>();
  private Process process = new ProcessBuilder("true").start();

  HostileProcessTest() throws IOException {}

  @AfterEach
  void end() throws Exception {
    process.destroyForcibly().waitFor();
    for (RawPeer each : open) {
      each.close();
    }
    Files.deleteIfExists(group);
  }

  @Test
  void theProcessLastsAndSoDoGoodSessions() throws Exception {
    attack(3_000, 1);
  }

  @Test
  @Tag("soak")
  void theProcessLastsHoweverLongItIsAttacked() throws Exception {
    attack(40_000, 20);
  }

  private void attack(int updates, double attacks) throws Exception {
    start();
    BufferedReader answers = process.inputReader();
    try (RawPeer good = established(GOOD, 65011);
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();
        Attacks others = new Attacks(from -> loopback.toSocket(Desired.ip(from), 0), target())) {
      // Its state is published a moment after its last OPEN was answered.
      String since =
          upSince(await().until(() -> ask(answers), state -> state.contains(host(GOOD) + "=")));
      others.badMessages("10.0.0.3");
      others.noise("10.0.0.4", 65004);
      others.slowReader("10.0.0.5", 65005);
      others.halfOpen("10.0.0.6", 65006);
      others.strangers(IntStream.range(100, 200).mapToObj(n -> "10.0.0." + n).toList());
      var done =
          IntStream.range(0, LARGE.size())
              .mapToObj(i -> senders.submit(() -> flood(LARGE.get(i), 65021 + i, updates)))
              .toList();
      var used = senders.submit(() -> flood(USED, 65031, Integer.MAX_VALUE));
      // Neither the senders' speed nor this machine's matters: each gets all the time it needs.
      for (var each : done) {
        assertThat(each.get()).as("a session whose routes are not used lasts").isTrue();
        good.send(Keepalive.KEEPALIVE);
      }
      assertThat(used.get()).as("one whose routes are used and take too much ends").isFalse();
      await().until(() -> others.reached(attacks / 4));
      good.send(Keepalive.KEEPALIVE);

      String last = ask(answers);
      assertThat(process.isAlive()).isTrue();
      assertThat(upSince(last)).as("the good session").isEqualTo(since);
      long bytes = Long.parseLong(last.substring(0, last.indexOf(' ')));
      int peak = peakMebibytes();
      System.out.printf(
          "%d large UPDATEs from each of %d peers, %d bad messages, %d connections: routes take"
              + " %d MiB, the process took %d MiB at most%n",
          updates,
          LARGE.size(),
          others.badMessages.get(),
          others.connections.get(),
          bytes >> 20,
          peak);
      assertThat(bytes >> 20).isBetween(20L, (long) LIMIT_MIB / 4);
      assertThat(peak).isLessThan(LIMIT_MIB);
    }
  }

  private void start() throws Exception {
    List<String> command = new ArrayList<>();
    boolean limited = limited();
    command.addAll(
        List.of(
            "sh",
            "-c",
            (limited ? "echo $$ > '" + group + "/cgroup.procs'; " : "")
                + ". ../image/jvm; java=$1; shift; exec \"$java\" $(jvm_in_image agent) \"$@\"",
            "sh",
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:MaxRAM=" + LIMIT_MIB + "m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            HostileNode.class.getName(),
            node,
            host(GOOD) + "=65011=REJECT",
            host("10.0.0.3") + "=65002=REJECT",
            host("10.0.0.4") + "=65004=REJECT",
            host("10.0.0.5") + "=65005=REJECT",
            host("10.0.0.6") + "=65006=REJECT",
            host(USED) + "=65031=ACCEPT"));
    for (int i = 0; i < LARGE.size(); i++) {
      command.add(host(LARGE.get(i)) + "=" + (65021 + i) + "=REJECT");
    }
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private boolean limited() {
    try {
      Files.createDirectory(group);
      Files.writeString(group.resolve("memory.limit_in_bytes"), ((long) LIMIT_MIB << 20) + "");
      return true;
    } catch (IOException e) {
      return false; // Not root, or another kind of control groups.
    }
  }

  private String host(String logical) {
    return loopback.toSocket(Desired.ip(logical), 179).getAddress().getHostAddress();
  }

  private InetSocketAddress target() {
    return loopback.toSocket(Desired.ip("10.0.0.1"), 179);
  }

  private RawPeer established(String from, long asn) {
    return await()
        .ignoreExceptions()
        .until(
            () -> {
              RawPeer peer = RawPeer.dial(loopback.toSocket(Desired.ip(from), 0), target());
              peer.establish(RawPeer.open(asn, from, 0));
              return peer;
            },
            peer -> true);
  }

  /** Whether the session lasted. */
  private boolean flood(String from, long asn, int updates) {
    var random = new Random(asn);
    RawPeer peer = established(from, asn);
    open.add(peer);
    try {
      for (int i = 0; i < updates; i++) {
        peer.send(large(asn, i, random));
      }
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** 3.9 kB of attributes that no other UPDATE has. */
  private static Update large(long asn, int number, Random random) {
    PathAttributes attributes =
        PathAttributes.of(
            Origin.IGP,
            AsPath.of(asn),
            new PathAttribute.NextHop(InetAddress.ofLiteral("10.0.0.9")));
    if (number % 4 == 3) {
      byte[] unknown = new byte[3900];
      random.nextBytes(unknown);
      attributes = attributes.with(new PathAttribute.Unknown(0xc0, 99, Bytes.of(unknown)));
    } else {
      List<Community> communities = new ArrayList<>();
      for (int i = 0; i < 975; i++) {
        communities.add(new Community(random.nextLong() & 0xffff_ffffL));
      }
      attributes = attributes.with(new PathAttribute.Communities(communities));
    }
    var prefixes = new PrefixList.Builder(AddressFamily.IPV4_UNICAST, 1);
    prefixes.add((20L << 24 | number) << 32, 0, 32);
    return new Update(PrefixList.empty(AddressFamily.IPV4_UNICAST), attributes, prefixes.build());
  }

  private String ask(BufferedReader answers) throws IOException {
    process.outputWriter().append("state\n").flush();
    return String.valueOf(answers.readLine());
  }

  /** Since when the good session is up. */
  private String upSince(String state) {
    return state.replaceAll(".* " + host(GOOD) + "=(\\S*).*", "$1");
  }

  private int peakMebibytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM"))
        .mapToInt(line -> Integer.parseInt(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
