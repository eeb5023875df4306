package dev.peerage.cli;

import dev.peerage.bgp.speaker.AddressMap;
import dev.peerage.bgp.speaker.SpeakerSettings;
import dev.peerage.http.SpeakerApi;
import dev.peerage.standalone.StandaloneSpeaker;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sun.misc.Signal;

/** {@code peerage speaker}: the BGP engine alone, without Kubernetes. */
@Command(
    name = "speaker",
    description = {
      "Runs BGP sessions from a YAML file, without Kubernetes, and follows the file: a change comes"
          + " into force with the least disruption.",
      "On SIGTERM sessions with graceful restart close silently, so that the peers keep the"
          + " routes; the others get a Cease. On SIGHUP the file is read again."
    },
    mixinStandardHelpOptions = true,
    versionProvider = PeerageCommand.Version.class)
final class SpeakerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The file with the instances, their peers and routes.")
  private Path file = Path.of("");

  @Option(
      names = "--http",
      converter = SocketAddressConverter.class,
      paramLabel = "HOST:PORT",
      description =
          "A loopback address where the state and the routes are served as JSON: /state,"
              + " /route-policies, /routes/available, /routes/received, /routes/advertised."
              + " 'peerage peers --api-address HOST:PORT' shows them as tables. Default: not"
              + " served.")
  private @Nullable InetSocketAddress http;

  @Mixin private ReceivedRoutesOptions receivedRoutes = new ReceivedRoutesOptions(75);

  @Override
  public Integer call() throws InterruptedException {
    if (http != null && !http.getAddress().isLoopbackAddress()) {
      throw new ParameterException(
          spec.commandLine(),
          "--http " + http + " is no loopback address; what is served there has no access control");
    }
    try {
      // As a node's agent: a process may always be the successor of one that was killed, and a
      // peer that remembers no session does not mind the restart bits.
      StandaloneSpeaker speaker =
          StandaloneSpeaker.start(
              file,
              new SpeakerSettings(
                      AddressMap.DIRECT, InstantSource.system(), new CompositeMeterRegistry(), true)
                  .withRoutes(receivedRoutes.limits()));
      if (http != null) {
        SpeakerApi _ = SpeakerApi.start(http, speaker.speaker(), speaker::desired);
      }
      Stopping.closes(speaker);
      Signal.handle(new Signal("HUP"), _ -> speaker.reload());
      new CountDownLatch(1).await(); // until a signal ends the process
    } catch (StandaloneSpeaker.BadFileException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return 2;
    } catch (IOException e) {
      spec.commandLine().getErr().println("peerage speaker: " + e.getMessage());
    }
    return 1;
  }
}
