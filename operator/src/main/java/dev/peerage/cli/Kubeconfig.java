package dev.peerage.cli;

import dev.peerage.cli.Agents.AgentsException;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the cluster that is meant as kubectl does: {@code --kubeconfig}, else {@code $KUBECONFIG},
 * else {@code ~/.kube/config}, else, in a pod, that of the pod. What is named and cannot be read is
 * an error: another cluster than the one that is meant is never asked.
 */
final class Kubeconfig {
  /** Of this a person sees the end. */
  static final Duration LIMIT = Duration.ofSeconds(4);

  private final UnaryOperator<@Nullable String> environment;
  private final Path home;

  /**
   * Looks there.
   *
   * @param environment gives the value of a variable, or null
   * @param home the person's folder
   */
  Kubeconfig(UnaryOperator<@Nullable String> environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  /** Of this process. */
  static Kubeconfig ofProcess() {
    return new Kubeconfig(System::getenv, Path.of(System.getProperty("user.home", "/")));
  }

  /**
   * The configuration of a client that asks once and gives up within seconds.
   *
   * @param file of {@code --kubeconfig}, if given
   * @param context of {@code --context}, if given
   * @throws AgentsException when none can be read as it is meant
   */
  Config read(@Nullable String file, @Nullable String context) {
    return new ConfigBuilder(find(file, context))
        .withConnectionTimeout((int) LIMIT.toMillis())
        .withRequestTimeout((int) LIMIT.toMillis())
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  private Config find(@Nullable String file, @Nullable String context) {
    if (file != null) {
      return of(Path.of(file), context);
    }
    String named = environment.apply("KUBECONFIG");
    if (named != null && !named.isBlank()) {
      return ofAll(named, context);
    }
    Path usual = home.resolve(".kube/config");
    if (Files.exists(usual)) {
      return of(usual, context);
    }
    if (environment.apply("KUBERNETES_SERVICE_HOST") == null) {
      throw AgentsException.wrongUse(
          "there is no kubeconfig: give --kubeconfig, set KUBECONFIG, or write " + usual);
    }
    if (context != null) {
      throw AgentsException.wrongUse(
          "there is no context '"
              + context
              + "': without a kubeconfig the pod's own cluster is asked");
    }
    return Config.autoConfigure(null);
  }

  private static Config ofAll(String named, @Nullable String context) {
    List<Path> files = new ArrayList<>();
    for (String each : named.split(File.pathSeparator)) {
      if (!each.isBlank()
          && Files.exists(Path.of(each))) { // kubectl passes over those that are not
        files.add(Path.of(each));
      }
    }
    if (files.isEmpty()) {
      throw AgentsException.wrongUse("KUBECONFIG is " + named + ", and there is no such file");
    }
    if (files.size() == 1) {
      return of(files.getFirst(), context);
    }
    files.forEach(each -> parsed(each, null));
    return checked(Config.autoConfigure(context), "KUBECONFIG " + named, context);
  }

  private static Config of(Path file, @Nullable String context) {
    return checked(parsed(file, context), "kubeconfig " + file, context);
  }

  private static Config parsed(Path file, @Nullable String context) {
    String content;
    try {
      content = Files.readString(file);
    } catch (IOException e) {
      throw AgentsException.wrongUse("kubeconfig " + file + " cannot be read: " + reason(e));
    }
    if (content.isBlank()) {
      throw AgentsException.wrongUse("kubeconfig " + file + " is empty");
    }
    try {
      return Config.fromKubeconfig(context, content, file.toString());
    } catch (RuntimeException e) { // Fabric8's, and those of its reader of YAML
      throw AgentsException.wrongUse("kubeconfig " + file + " is not one: " + reason(e));
    }
  }

  /** The last cause, as the ones around it only repeat that something failed; its first line. */
  private static String reason(Exception failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = Optional.ofNullable(cause.getMessage()).orElse("");
    return message.isBlank()
        ? cause.getClass().getSimpleName()
        : message.lines().findFirst().orElse("").strip();
  }

  /** Fabric8 takes the current context where it does not know the one that is asked for. */
  private static Config checked(Config config, String where, @Nullable String context) {
    List<String> known = config.getContexts().stream().map(NamedContext::getName).toList();
    if (context != null && !known.contains(context)) {
      throw AgentsException.wrongUse(
          "there is no context '" + context + "' in " + where + "; " + there(known));
    }
    if (config.getCurrentContext() == null) {
      throw AgentsException.wrongUse(
          where + " does not say which context is meant: give --context; " + there(known));
    }
    return config;
  }

  private static String there(List<String> contexts) {
    return contexts.isEmpty() ? "it has none" : "it has " + String.join(", ", contexts);
  }
}
