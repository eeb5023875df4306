package dev.peerage.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.PrintWriter;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi;

/** Prints what was found in the form that is asked for. */
final class Shown {
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .enable(SerializationFeature.INDENT_OUTPUT);

  private static final Pattern GOOD = Pattern.compile("\\b(established|ok|yes)\\b");
  private static final Pattern BAD =
      Pattern.compile(
          "\\b(BROKEN|idle|connect|active|open_sent|open_confirm|left out|unknown|no)(?=\\s{2,}| since)");

  private Shown() {}

  /** The text of a record, without the fields that have no value. */
  static String json(Object value) throws JsonProcessingException {
    return JSON.writeValueAsString(value);
  }

  /**
   * Prints.
   *
   * @param found what JSON and YAML show
   * @param table the text for people; told whether it is to be wide
   */
  static void print(
      PrintWriter out, AgentOptions options, Object found, Function<Boolean, String> table)
      throws JsonProcessingException {
    switch (options.output) {
      case TABLE -> out.print(painted(options, table.apply(false)));
      case WIDE -> out.print(painted(options, table.apply(true)));
      case JSON -> out.println(json(found));
      case YAML -> out.print(new KubernetesSerialization().asYaml(JSON.valueToTree(found)));
    }
    out.flush();
  }

  /** With colours on a terminal, unless they are not wanted: NO_COLOR counts as --no-color. */
  private static String painted(AgentOptions options, String text) {
    if (options.noColor || !Ansi.AUTO.enabled()) {
      return text;
    }
    String good = GOOD.matcher(text).replaceAll("\u001b[32m$1\u001b[0m");
    return BAD.matcher(good).replaceAll("\u001b[31m$1\u001b[0m");
  }
}
