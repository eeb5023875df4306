package dev.peerage.faults;

import static dev.peerage.acceptance.RouterTable.NODES;

import dev.peerage.acceptance.TestGround;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Peerage's processes on the nodes, which are processes of this machine. */
final class Processes {
  private final TestGround lab;

  Processes(TestGround lab) {
    this.lab = lab;
  }

  /** The agent of a node. */
  ProcessHandle agent(String node) {
    return find(node, "agent").orElseThrow(() -> new AssertionError("no agent runs on " + node));
  }

  Optional<ProcessHandle> findAgent(String node) {
    return find(node, "agent");
  }

  /** The operators, with the nodes they are on. */
  List<ProcessHandle> operators() {
    List<ProcessHandle> all = new ArrayList<>();
    for (String node : NODES) {
      find(node, "operator").ifPresent(all::add);
    }
    return all;
  }

  /** The nodes that operators are on. */
  List<String> nodesOfOperators() {
    return NODES.stream().filter(node -> find(node, "operator").isPresent()).toList();
  }

  ProcessHandle operator(String node) {
    return find(node, "operator")
        .orElseThrow(() -> new AssertionError("no operator runs on " + node));
  }

  private Optional<ProcessHandle> find(String node, String part) {
    for (String pid : lab.on("router", "ip", "netns", "pids", "peerage-" + node).split("\\s+")) {
      Path commandLine = Path.of("/proc", pid, "cmdline");
      try {
        List<String> words = List.of(Files.readString(commandLine).split("\0"));
        if (words.getFirst().endsWith("java") && words.contains(part)) {
          return ProcessHandle.of(Long.parseLong(pid));
        }
      } catch (IOException e) {
        continue; // it has ended
      }
    }
    return Optional.empty();
  }

  /** The folder of a process's control group for CPU time. */
  static Path cpuGroup(ProcessHandle process) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", process.pid() + "", "cgroup"))) {
        String[] parts = line.split(":", 3);
        if (List.of(parts[1].split(",")).contains("cpu")) {
          return Path.of("/sys/fs/cgroup/cpu" + parts[2]);
        }
        if (parts[0].equals("0") && Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"))) {
          return Path.of("/sys/fs/cgroup" + parts[2]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalStateException("no control group limits the CPU time of " + process.pid());
  }

  /** Gives a process's container a tenth of a CPU, or as much as there is. */
  static void throttle(ProcessHandle process, boolean tenth) {
    Path group = cpuGroup(process);
    try {
      if (Files.exists(group.resolve("cpu.max"))) {
        Files.writeString(group.resolve("cpu.max"), tenth ? "10000 100000" : "max 100000");
      } else {
        Files.writeString(group.resolve("cpu.cfs_quota_us"), tenth ? "10000" : "-1");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
