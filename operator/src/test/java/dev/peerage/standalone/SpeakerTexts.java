package dev.peerage.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.bgp.speaker.DesiredSpeaker;
import dev.peerage.yaml.FileProblem;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** Texts of the file of {@code peerage speaker}, and what comes of them. */
final class SpeakerTexts {
  static final String FULL =
      """
      instances:
      - name: main
        localASN: 65001
        routerID: 10.0.0.1
        listenAddress: 127.0.0.2        # optional; no listenPort = do not listen
        listenPort: 1790
        peers:
        - name: r1
          peerAddress: 127.0.0.1
          peerASN: 65000                # 0 = any
          peerPort: 179
          localAddress: 127.0.0.2       # optional
          passive: false
          password: secret              # optional, TCP MD5
          timers: {connectRetryTimeSeconds: 5, holdTimeSeconds: 9, keepAliveTimeSeconds: 3}
          gracefulRestart: {enabled: true, restartTimeSeconds: 15}
          ebgpMultihop: 2
          families: [{afi: ipv4, safi: unicast}, {afi: ipv6, safi: unicast}]
          importPolicy: reject          # or accept
        routes:
        - {prefix: 10.1.0.0/24, communities: ["65000:1"], largeCommunities: ["65000:1:1"], localPreference: 100}
        - prefixes: {base: 10.2.0.0/32, count: 1000}
      """;

  private SpeakerTexts() {}

  static DesiredSpeaker good(String text) {
    SpeakerFile.Outcome outcome = SpeakerFile.read("speaker.yaml", text);
    assertThat(outcome).isInstanceOf(SpeakerFile.Outcome.Good.class);
    return ((SpeakerFile.Outcome.Good) outcome).desired();
  }

  static List<FileProblem> bad(String text) {
    SpeakerFile.Outcome outcome = SpeakerFile.read("speaker.yaml", text);
    assertThat(outcome).isInstanceOf(SpeakerFile.Outcome.Bad.class);
    return ((SpeakerFile.Outcome.Bad) outcome).problems();
  }

  static String instance(String more) {
    return "instances:\n- {name: main, localASN: 65001, routerID: 10.0.0.1" + more + "}\n";
  }

  /** An instance with one peer that has these keys beside its name. */
  static String withPeer(String keys) {
    return instance(", peers: [{name: r1, " + keys + "}]");
  }

  /** An instance with one route that has these keys. */
  static String withRoute(String keys) {
    return instance(", routes: [{" + keys + "}]");
  }

  static Arguments fault(String text, int line, String field, String what, String remedy) {
    return Arguments.of(text, line, field, what, remedy);
  }

  /** The text has this problem and no other. */
  static void assertFault(String text, int line, String field, String what, String remedy) {
    assertThat(bad(text))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.file()).isEqualTo("speaker.yaml");
          assertThat(problem.line()).isEqualTo(line);
          assertThat(problem.subject()).isEqualTo(field);
          assertThat(problem.what()).contains(what);
          assertThat(problem.remedy()).contains(remedy);
        });
  }
}
