package dev.peerage.lint;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.peerage.lint.Manifests.Key;
import dev.peerage.lint.Manifests.Manifest;
import dev.peerage.yaml.FileProblem;
import dev.peerage.yaml.Spelling;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads a folder of manifests as an API server would take them: checks them, fills in defaults, and
 * gives every object the namespace, UID and creation time that an API server adds.
 */
public final class ManifestFolder {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  private final List<Path> places;
  private final CrdSchemas schemas = CrdSchemas.load();
  private final KubernetesSerialization json = new KubernetesSerialization();
  private final Map<Key, Instant> firstSeen = new HashMap<>();

  public static ManifestFolder of(Path folder) {
    return new ManifestFolder(List.of(folder));
  }

  /** Several folders and single files, as if all were in one folder. */
  ManifestFolder(List<Path> places) {
    this.places = List.copyOf(places);
  }

  /** What reading gave. */
  public sealed interface Reading {
    /** All is well; notes are about what was not used or not judged. */
    record Good(Manifests manifests, List<String> notes) implements Reading {}

    /** Something must be mended first. */
    record Bad(List<FileProblem> problems) implements Reading {}
  }

  /** Reads all files whose names end in .yaml, .yml or .json; subfolders are left out. */
  public Reading read() {
    List<FileProblem> problems = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    TreeMap<Key, Manifest> objects = new TreeMap<>();
    for (Path file : files(problems)) {
      String name = places.size() == 1 ? file.getFileName().toString() : file.toString();
      try {
        for (YamlDocument document : YamlDocument.read(name, Files.readString(file), problems)) {
          read(document, objects, problems, notes);
        }
      } catch (NoSuchFileException _) {
        // Removed since it was listed: as if it had never been there.
      } catch (MalformedInputException e) {
        problems.add(new FileProblem(name, 0, "", "not UTF-8 text", "save it as UTF-8"));
      } catch (IOException e) {
        problems.add(
            new FileProblem(name, 0, "", "cannot be read: " + e, "look at its permissions"));
      }
    }
    return problems.isEmpty()
        ? new Reading.Good(new Manifests(objects), notes)
        : new Reading.Bad(problems);
  }

  private List<Path> files(List<FileProblem> problems) {
    return places.stream()
        .flatMap(place ->
            Files.isDirectory(place) ? listed(place, problems).stream() : named(place, problems))
        .toList();
  }

  private static Stream<Path> named(Path file, List<FileProblem> problems) {
    if (Files.exists(file)) {
      return Stream.of(file);
    }
    problems.add(
        new FileProblem(file.toString(), 0, "", "there is no such file", "correct the name"));
    return Stream.empty();
  }

  private static List<Path> listed(Path folder, List<FileProblem> problems) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[^.#].*\\.(yaml|yml|json)"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      problems.add(
          new FileProblem(
              folder.toString(), 0, "", "cannot be listed: " + e, "name a folder of manifests"));
      return List.of();
    }
  }

  private void read(
      YamlDocument document,
      Map<Key, Manifest> objects,
      List<FileProblem> problems,
      List<String> notes) {
    ObjectNode content = document.content();
    String kindName = content.path("kind").asText();
    if (kindName.equals("List")) {
      document.items().forEach(item -> read(item, objects, problems, notes));
      return;
    }
    String apiVersion = content.path("apiVersion").asText();
    String subject = kindName + " " + content.at("/metadata/name").asText();
    ManifestKind kind = ManifestKind.of(kindName).orElse(null);
    if (kind == null) {
      unknownKind(document, kindName, apiVersion, subject, problems, notes);
      return;
    }
    List<FileProblem> found = new ArrayList<>();
    SchemaCheck.Faults faults =
        (path, what, remedy) ->
            found.add(
                new FileProblem(
                    document.file(), document.line(path), subject + ", " + path, what, remedy));
    Key key = key(content, kind);
    if (!kind.apiVersions().contains(apiVersion)) {
      faults.add(
          "apiVersion",
          "'" + apiVersion + "' does not exist for this kind",
          "use " + kind.apiVersions().getFirst());
    } else if (!NAME.matcher(key.name()).matches()) {
      faults.add(
          "metadata.name",
          key.name().isEmpty() ? "is missing" : "'" + key.name() + "' is no valid name",
          "use lower case letters, digits, '-' and '.'");
    } else {
      new CoreCheck(faults).metadata(content, kind);
      if (kind.custom()) {
        new SchemaCheck(
                faults,
                (path, why) ->
                    notes.add(at(document, path) + ": " + subject + ", " + path + ": " + why))
            .object(content, schemas.of(apiVersion, kind));
      } else {
        new CoreCheck(faults).object(content, kind);
      }
      Manifest other = objects.get(key);
      if (other != null) {
        faults.add(
            "metadata.name",
            "the object is also in "
                + other.document().file()
                + ":"
                + other.document().line("metadata.name"),
            "remove one of the two, or rename it");
      }
    }
    if (found.isEmpty()) {
      convert(document, kind, key, faults).ifPresent(typed -> objects.put(key, typed));
    }
    problems.addAll(found);
  }

  private static void unknownKind(
      YamlDocument document,
      String kind,
      String apiVersion,
      String subject,
      List<FileProblem> problems,
      List<String> notes) {
    String file = document.file();
    if (kind.isEmpty()
        || apiVersion.startsWith("cilium.io/") && !kind.startsWith("CiliumBGPNode")) {
      problems.add(
          new FileProblem(
              file,
              document.line("kind"),
              "kind",
              kind.isEmpty() ? "is missing" : "there is no kind '" + kind + "' in " + apiVersion,
              kind.isEmpty()
                  ? "add apiVersion: and kind:"
                  : OldForms.remedyOfKind(kind)
                      .orElseGet(() -> Spelling.remedy(kind, ManifestKind.kinds()))));
      return;
    }
    notes.add(
        at(document, "kind")
            + ": "
            + subject
            + ": not used in the lab, which reads "
            + String.join(", ", ManifestKind.kinds()));
  }

  private static String at(YamlDocument document, String path) {
    return document.file() + ":" + document.line(path);
  }

  private static Key key(ObjectNode content, ManifestKind kind) {
    String namespace = content.at("/metadata/namespace").asText();
    return new Key(
        kind.kind(),
        kind.namespaced() ? (namespace.isEmpty() ? "default" : namespace) : "",
        content.at("/metadata/name").asText());
  }

  private Optional<Manifest> convert(
      YamlDocument document, ManifestKind kind, Key key, SchemaCheck.Faults faults) {
    try {
      HasMetadata object = json.convertValue(document.content(), kind.type());
      ObjectMeta metadata = object.getMetadata();
      if (kind.namespaced()) {
        metadata.setNamespace(key.namespace());
      }
      metadata.setUid(
          UUID.nameUUIDFromBytes(key.toString().getBytes(StandardCharsets.UTF_8)).toString());
      metadata.setCreationTimestamp(
          firstSeen
              .computeIfAbsent(key, _ -> Instant.now().truncatedTo(ChronoUnit.SECONDS))
              .toString());
      metadata.setGeneration(1L);
      return Optional.of(new Manifest(document, object));
    } catch (IllegalArgumentException e) {
      if (e.getCause() instanceof JsonMappingException mapping) {
        faults.add(path(mapping), mapping.getOriginalMessage(), "write a value of the right type");
      } else {
        faults.add("", String.valueOf(e.getMessage()), "correct the object");
      }
      return Optional.empty();
    }
  }

  private static String path(JsonMappingException e) {
    var path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }
}
