package dev.peerage.lab;

import dev.peerage.bgp.speaker.RouteView;
import dev.peerage.bgp.wire.AddressFamily;
import dev.peerage.bgp.wire.IpText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * FRR's bgpd as the router, with its own folder, on a loopback address and a free port. It runs
 * without zebra, so that it changes no route of this host, and ends with the lab.
 */
final class FrrRouter implements LabRouter {
  private static final Path BGPD = Path.of("/usr/lib/frr/bgpd");
  private static final Path VTYSH = Path.of("/usr/bin/vtysh");
  // FRR tells nobody when its table changes, so it is asked.
  private static final int ASK_MILLIS = 100;
  private static final int COMMAND_SECONDS = 10;

  private final LabAddresses addresses;
  private final FrrConfig config;
  private final FrrTable table;
  private final ScheduledExecutorService asking =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("frr-asking").daemon().factory());
  private @Nullable Running running;

  private record Running(Process process, Path folder, RouterPlan plan) {}

  private FrrRouter(LabAddresses addresses, Runnable changed) {
    this.addresses = addresses;
    this.config = new FrrConfig(address -> addresses.toSocket(address, 0).getAddress());
    this.table = new FrrTable(addresses::toLogical);
    asking.scheduleWithFixedDelay(changed, ASK_MILLIS, ASK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Starts without a router; {@link LabException} when FRR is not installed. */
  static FrrRouter start(LabAddresses addresses, Runnable changed) throws LabException {
    for (Path program : List.of(BGPD, VTYSH)) {
      if (!Files.isExecutable(program)) {
        throw new LabException(
            "FRR is not installed here: "
                + program
                + " is missing. Install it (Debian and Ubuntu: apt-get install frr), or leave out"
                + " --router frr for the built-in router.");
      }
    }
    return new FrrRouter(addresses, changed);
  }

  @Override
  public synchronized void apply(List<RouterPlan> routers)
      throws LabException, InterruptedException {
    if (routers.size() > 1) {
      throw new LabException(
          "--router frr runs one router, the manifests name "
              + routers.size()
              + ": "
              + routers.stream().map(RouterPlan::name).toList());
    }
    Running current = running;
    if (routers.isEmpty() || current != null && routers.getFirst().equals(current.plan)) {
      return;
    }
    RouterPlan wanted = routers.getFirst();
    if (current != null && FrrConfig.changeable(current.plan, wanted)) {
      String _ = vtysh(current, config.changes(current.plan, wanted));
      running = new Running(current.process, current.folder, wanted);
      return;
    }
    end();
    try {
      running = launch(wanted);
    } catch (IOException e) {
      throw new LabException("FRR could not be started: " + e, e);
    }
  }

  private Running launch(RouterPlan plan) throws IOException, LabException, InterruptedException {
    Path folder = Files.createTempDirectory("peerage-lab-frr");
    Path file = folder.resolve("bgpd.conf");
    Files.writeString(file, config.text(plan, folder.resolve("bgpd.log").toString()));
    Files.writeString(folder.resolve("vtysh.conf"), "");
    boolean root = System.getProperty("user.name").equals("root");
    if (root) {
      // As root FRR drops to its own user, who must be able to write here.
      UserPrincipal frr =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("frr");
      Files.setOwner(folder, frr);
      Files.setOwner(file, frr);
    }
    InetSocketAddress socket = addresses.toSocket(plan.address(), RouterPlan.PORT);
    List<String> command =
        new ArrayList<>(
            List.of(
                BGPD.toString(),
                "--no_zebra",
                "--config_file",
                file.toString(),
                "--pid_file",
                folder.resolve("bgpd.pid").toString(),
                "--vty_socket",
                folder.toString(),
                "--vty_port",
                "0",
                "--listenon",
                IpText.of(socket.getAddress()),
                "--bgp_port",
                Integer.toString(socket.getPort())));
    if (!root) {
      command.add("--skip_runas");
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    var started = new Running(process, folder, plan);
    // bgpd opens its socket when it is ready; there is nothing to wait on but the socket.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(COMMAND_SECONDS);
    while (!Files.exists(folder.resolve("bgpd.vty"))) {
      if (process.waitFor(ASK_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        String output = Files.readString(folder.resolve("output"));
        running = started;
        end();
        throw new LabException("FRR's bgpd did not start: " + output.strip());
      }
    }
    return started;
  }

  @Override
  public synchronized Map<InetAddress, List<RouteView>> tables()
      throws LabException, InterruptedException {
    Running current = running;
    if (current == null) {
      return Map.of();
    }
    List<RouteView> routes = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      routes.addAll(table.routes(vtysh(current, List.of(FrrTable.command(family)))));
    }
    return Map.of(current.plan.address(), routes);
  }

  private static String vtysh(Running current, List<String> commands)
      throws LabException, InterruptedException {
    List<String> line =
        new ArrayList<>(
            List.of(
                VTYSH.toString(),
                "--vty_socket",
                current.folder.toString(),
                "--config_dir",
                current.folder.toString(),
                "-d",
                "bgpd"));
    for (String command : commands) {
      line.add("-c");
      line.add(command);
    }
    try {
      ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
      builder.environment().put("HOME", current.folder.toString());
      Process process = builder.start();
      process.getOutputStream().close();
      var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new LabException("FRR refused " + commands + ": " + output.strip());
      }
      return output;
    } catch (IOException e) {
      throw new LabException("vtysh could not be run: " + e, e);
    }
  }

  private void end() throws InterruptedException {
    Running current = running;
    running = null;
    if (current == null) {
      return;
    }
    current.process.destroy();
    if (!current.process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
      current.process.destroyForcibly().waitFor();
    }
    try (Stream<Path> files = Files.walk(current.folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException _) {
      // A folder in the temporary one is left behind.
    }
  }

  @Override
  public synchronized void close() throws InterruptedException {
    asking.shutdownNow();
    end();
  }
}
