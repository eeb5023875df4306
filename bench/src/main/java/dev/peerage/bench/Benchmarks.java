package dev.peerage.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs all benchmarks, or those that match a regular expression, and prints one table. */
final class Benchmarks {
  private Benchmarks() {}

  public static void main(String[] args) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    for (String pattern : args) {
      options.include(pattern);
    }
    options
        .forks(1)
        .warmupIterations(4)
        .warmupTime(TimeValue.seconds(1))
        .measurementIterations(5)
        .measurementTime(TimeValue.seconds(1))
        .addProfiler(GCProfiler.class)
        .verbosity(VerboseMode.SILENT)
        .shouldFailOnError(true)
        .jvmArgsAppend(
            "-Xmx1g",
            "-Dslf4j.internal.verbosity=ERROR", // Netty logs, nobody reads
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    System.err.println("measuring; about 10 s for each row");
    print(new Runner(options.build()).run());
  }

  private static void print(Collection<RunResult> results) {
    List<String> names = results.stream().map(Benchmarks::name).toList();
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    System.out.printf(
        "%-" + width + "s  %12s  %10s  %14s%n", "", "time/op", "± 99.9 %", "bytes/op");
    for (RunResult run : results) {
      Result<?> time = run.getPrimaryResult();
      System.out.printf(
          Locale.ROOT,
          "%-" + width + "s  %9.3f %s  %10.3f  %14s%n",
          name(run),
          time.getScore(),
          time.getScoreUnit().replace("/op", ""),
          time.getScoreError(),
          bytes(run));
    }
  }

  private static String name(RunResult run) {
    String benchmark = run.getParams().getBenchmark();
    String parameters =
        run.getParams().getParamsKeys().stream()
            .map(key -> key + "=" + run.getParams().getParam(key))
            .collect(Collectors.joining(" "));
    return benchmark.substring(benchmark.lastIndexOf('.', benchmark.lastIndexOf('.') - 1) + 1)
        + " "
        + parameters;
  }

  private static String bytes(RunResult run) {
    Result<?> allocated = run.getSecondaryResults().get("gc.alloc.rate.norm");
    return allocated == null ? "-" : String.format(Locale.ROOT, "%.0f", allocated.getScore());
  }
}
