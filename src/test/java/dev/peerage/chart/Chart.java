package dev.peerage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The chart as Helm renders it for a release "peerage" in the namespace "peerage-system". */
public final class Chart {
  /** The chart's folder. */
  public static final Path FOLDER = Path.of("../../helm/peerage").toAbsolutePath().normalize();

  private static final String HOOK = "helm.sh/hook:";

  private Chart() {}

  /** What is rendered: Helm leaves hooks out of what it prints, unless they are none. */
  private static final class WithoutHooks {
    private static final String NONE = "helm.sh/no-hook:";
    private static final Path COPY = copy();

    private WithoutHooks() {}

    private static Path copy() {
      try (Stream<Path> files = Files.walk(FOLDER)) {
        Path copy = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "chart");
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path target = copy.resolve("peerage").resolve(FOLDER.relativize(file).toString());
          Files.createDirectories(target.getParent());
          Files.writeString(target, Files.readString(file).replace(HOOK, NONE));
        }
        return copy.resolve("peerage");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static LintResult lint() {
    return new Helm(FOLDER).lint().strict().call();
  }

  /** Renders with values written as for {@code --set}; throws what Helm says when it refuses. */
  public static Rendered render(String... values) {
    return renderAs("peerage", values);
  }

  static Rendered renderAs(String release, String... values) {
    return render(release, "v1.33.3", values);
  }

  /** As for a cluster of another version. */
  static Rendered renderFor(String version, String... values) {
    return render("peerage", version, values);
  }

  private static Rendered render(String release, String version, String... values) {
    TemplateCommand template =
        new Helm(WithoutHooks.COPY)
            .template()
            .withName(release)
            .withNamespace("peerage-system")
            .withKubeVersion(version);
    for (String value : values) {
      int equals = value.indexOf('=');
      template.set(value.substring(0, equals), value.substring(equals + 1));
    }
    List<HasMetadata> objects = new ArrayList<>();
    String yaml = Optional.ofNullable(template.call()).orElse("").replace(WithoutHooks.NONE, HOOK);
    for (String document : yaml.split("(?m)^---$")) {
      if (!document.isBlank()) {
        objects.add(Serialization.unmarshal(document));
      }
    }
    return new Rendered(objects);
  }

  /** The only container of a pod. */
  static Container container(PodTemplateSpec pod) {
    assertThat(pod.getSpec().getContainers()).hasSize(1);
    return pod.getSpec().getContainers().getFirst();
  }

  /** The variable of this name in the environment of a pod's container; it must be there. */
  static EnvVar env(PodTemplateSpec pod, String name) {
    Optional<EnvVar> found =
        container(pod).getEnv().stream().filter(each -> each.getName().equals(name)).findFirst();
    assertThat(found).as(name).isPresent();
    return found.orElseThrow();
  }

  /** The objects of one rendering, without the custom resource definitions. */
  public record Rendered(List<HasMetadata> objects) {
    public Rendered {
      objects =
          objects.stream().filter(each -> !(each instanceof CustomResourceDefinition)).toList();
    }

    <T extends HasMetadata> T only(Class<T> kind, String component) {
      List<T> found =
          all(kind).stream()
              .filter(each -> each.getMetadata().getName().endsWith("-" + component))
              .toList();
      if (found.size() != 1) {
        throw new AssertionError(kind.getSimpleName() + " of the " + component + ": " + found);
      }
      return found.getFirst();
    }

    /** The objects of one kind. */
    public <T extends HasMetadata> List<T> all(Class<T> kind) {
      return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The operator's pods. */
    public PodTemplateSpec operator() {
      return only(Deployment.class, "operator").getSpec().getTemplate();
    }

    /** The agent's pods. */
    public PodTemplateSpec agent() {
      return only(DaemonSet.class, "agent").getSpec().getTemplate();
    }
  }
}
