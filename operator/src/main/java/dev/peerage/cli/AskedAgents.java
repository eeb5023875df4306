package dev.peerage.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.peerage.cli.Agents.AgentsException;
import dev.peerage.cli.Agents.Answer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands that read agents have in common. */
final class AskedAgents {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private AskedAgents() {}

  private record Row<T>(String node, @JsonUnwrapped T answer) {}

  /** A question to a cluster, and the exit code that its answer gives. */
  interface Question {
    int ask() throws InterruptedException, JsonProcessingException;
  }

  /** The text for the answers by node. */
  interface Table<T> {
    String of(Map<String, T> answers, boolean wide);
  }

  /** Asks once, or again and again; who cannot be asked is said on standard error. */
  static int run(CommandSpec spec, AgentOptions options, Question question)
      throws InterruptedException, JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    while (true) {
      int code;
      try {
        code = question.ask();
      } catch (AgentsException e) {
        spec.commandLine().getErr().println("peerage: " + e.getMessage());
        spec.commandLine().getErr().flush();
        code = e.exitCode();
      }
      if (!options.watch || code == ExitCode.WRONG_USE) {
        return code;
      }
      out.println();
      out.flush();
      Thread.sleep(PAUSE);
    }
  }

  /**
   * Asks the agents and prints what they say; who does not answer is named on standard error.
   *
   * @param narrow what of an answer is wanted
   * @param table the text for the answers by node
   * @param fine whether answers tell of nothing wrong
   * @return 0 when all answered and are fine, else as {@link ExitCode} says
   */
  static <T> int run(
      CommandSpec spec,
      AgentOptions options,
      String path,
      Class<T> type,
      UnaryOperator<T> narrow,
      Table<T> table,
      Predicate<Map<String, T>> fine)
      throws InterruptedException, JsonProcessingException {
    return run(
        spec,
        options,
        () -> {
          Map<String, T> given = new TreeMap<>();
          boolean complete = true;
          for (Answer<T> answer : options.agents().ask(path, type)) {
            switch (answer) {
              case Answer.Given<T>(String node, T value) -> given.put(node, narrow.apply(value));
              case Answer.Missing<T>(String node, String reason) -> {
                spec.commandLine().getErr().println("peerage: node " + node + ": " + reason);
                complete = false;
              }
            }
          }
          spec.commandLine().getErr().flush();
          List<Row<T>> rows = new ArrayList<>();
          given.forEach((node, value) -> rows.add(new Row<>(node, value)));
          Shown.print(
              spec.commandLine().getOut(),
              options,
              rows,
              wide -> given.isEmpty() ? "" : table.of(given, wide));
          return complete && fine.test(given) ? 0 : ExitCode.PROBLEM;
        });
  }
}
