package dev.peerage.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.peerage.cli.Agents.AgentsException;
import dev.peerage.cli.Agents.Answer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands that read agents have in common. */
final class AskedAgents {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private AskedAgents() {}

  private record Row<T>(String node, @JsonUnwrapped T answer) {}

  /** The text of a record, without the fields that have no value. */
  static String json(Object value) throws JsonProcessingException {
    return JSON.writeValueAsString(value);
  }

  /**
   * Asks the agents and prints what they say; who does not answer is named on standard error.
   *
   * @param narrow what of an answer is wanted
   * @param table the text for the answers by node
   * @return 0 when all answered, else as {@link ExitCode} says
   */
  static <T> int run(
      CommandSpec spec,
      AgentOptions options,
      String path,
      Class<T> type,
      UnaryOperator<T> narrow,
      Function<Map<String, T>, String> table)
      throws InterruptedException, JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<Answer<T>> answers;
    try {
      answers = options.agents().ask(path, type);
    } catch (AgentsException e) {
      err.println("peerage: " + e.getMessage());
      err.flush();
      return e.exitCode();
    }
    Map<String, T> given = new TreeMap<>();
    boolean complete = true;
    for (Answer<T> answer : answers) {
      switch (answer) {
        case Answer.Given<T>(String node, T value) -> given.put(node, narrow.apply(value));
        case Answer.Missing<T>(String node, String reason) -> {
          err.println("peerage: node " + node + ": " + reason);
          complete = false;
        }
      }
    }
    switch (options.output) {
      case SUMMARY -> {
        if (!given.isEmpty()) {
          out.print(table.apply(given));
        }
      }
      case JSON -> {
        List<Row<T>> rows = new ArrayList<>();
        given.forEach((node, value) -> rows.add(new Row<>(node, value)));
        out.println(JSON.writeValueAsString(rows));
      }
    }
    out.flush();
    err.flush();
    return complete ? 0 : ExitCode.PROBLEM;
  }
}
