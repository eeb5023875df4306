package dev.peerage.yaml;

import dev.peerage.yaml.YamlValue.Field;
import dev.peerage.yaml.YamlValue.Mapping;
import dev.peerage.yaml.YamlValue.Scalar;
import dev.peerage.yaml.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Reads YAML text, and says what is wrong with it as YAML: the one reader of all our files. */
public final class YamlReader {
  // With these a Kubernetes object begins.
  private static final Set<String> BEGIN = Set.of("apiVersion", "kind");

  private final Problems problems;
  // Mappings and lists: an alias is the same node again, and becomes the same value.
  private final IdentityHashMap<Node, YamlValue> read = new IdentityHashMap<>();
  private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());

  private YamlReader(Problems problems) {
    this.problems = problems;
  }

  /** Gets what is wrong. */
  public interface Problems {
    /**
     * A field is wrong.
     *
     * @param line counted from 1; 0 when the whole file is meant
     * @param path the field, for example {@code spec.families[0].afi}; empty for a whole document
     */
    void add(int line, String path, String what, String remedy);

    /** The same, for who tells one kind of fault from another. */
    default void add(YamlFault fault, int line, String path, String what, String remedy) {
      add(line, path, what, remedy);
    }
  }

  /**
   * Reads all documents of a file.
   *
   * @param file the file's name, which the library's messages hold
   * @param problems gets what is wrong with the YAML; the documents before the fault are returned
   */
  public static List<YamlValue> read(String file, String text, Problems problems) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(file)
            .setSchema(new CoreSchema())
            .setCodePointLimit(Integer.MAX_VALUE)
            // They are refused below, with their line.
            .setAllowNonScalarKeys(true)
            .build();
    List<YamlValue> documents = new ArrayList<>();
    Optional<LongLine> tooLong = LongLine.in(text);
    if (tooLong.isPresent()) {
      problems.add(
          YamlFault.SYNTAX,
          tooLong.get().line(),
          "",
          tooLong.get().words(),
          "shorten it, or break it into lines");
      return documents;
    }
    try {
      for (Node root : new Compose(settings).composeAllFromString(text)) {
        documents.addAll(new YamlReader(problems).document(root));
      }
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark();
      problems.add(
          YamlFault.SYNTAX,
          mark.map(Mark::getLine).orElse(-1) + 1,
          "",
          "not YAML: "
              + e.getProblem()
              + mark.map(at -> " (column " + (at.getColumn() + 1) + ")").orElse(""),
          "look at this line and the one above: indentation, a missing ':' or an open quote; tabs"
              + " do not indent");
    } catch (YamlEngineException e) {
      problems.add(YamlFault.SYNTAX, 0, "", "not YAML: " + e.getMessage(), "correct the syntax");
    }
    return documents;
  }

  /**
   * A document; several where a line with three dashes was forgotten between Kubernetes objects. To
   * call these keys doubled would ask people to remove half of an object.
   */
  private List<YamlValue> document(Node root) {
    if (!(root instanceof MappingNode mapping)) {
      return List.of(value(root, ""));
    }
    List<YamlValue> objects = new ArrayList<>();
    List<NodeTuple> entries = new ArrayList<>();
    Set<String> keys = new HashSet<>();
    int begin = line(root);
    for (NodeTuple entry : mapping.getValue()) {
      String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (BEGIN.contains(key) && keys.contains(key) && keys.contains("metadata")) {
        objects.add(new Mapping(begin, fields(entries, "")));
        begin = line(entry.getKeyNode());
        problems.add(
            YamlFault.MISSING_SEPARATOR,
            begin,
            "",
            "another object begins here, inside the one before it",
            "put a line with --- before line " + begin);
        entries.clear();
        keys.clear();
      }
      keys.add(key);
      entries.add(entry);
    }
    objects.add(new Mapping(begin, fields(entries, "")));
    return objects;
  }

  private YamlValue value(Node node, String path) {
    if (node instanceof ScalarNode scalar) {
      boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
      return new Scalar(line(node), scalar.getValue(), type(scalar.getTag()), plain);
    }
    @Nullable YamlValue before = read.get(node);
    if (before != null) {
      return before;
    }
    if (!open.add(node)) {
      problems.add(line(node), path, "an alias that contains itself", "write the value out");
      return new Scalar(line(node), "", YamlValue.Type.NULL, true);
    }
    YamlValue value =
        switch (node) {
          case MappingNode mapping -> new Mapping(line(mapping), fields(mapping.getValue(), path));
          case SequenceNode sequence -> sequence(sequence, path);
          default -> throw new IllegalStateException("unknown YAML node " + node);
        };
    open.remove(node);
    read.put(node, value);
    return value;
  }

  private Sequence sequence(SequenceNode sequence, String path) {
    List<YamlValue> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(value(item, path + "[" + items.size() + "]"));
    }
    return new Sequence(line(sequence), items);
  }

  private Map<String, Field> fields(List<NodeTuple> entries, String path) {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (NodeTuple entry : entries) {
      if (!(entry.getKeyNode() instanceof ScalarNode key)) {
        problems.add(
            line(entry.getKeyNode()), path, "a key that is not plain text", "use text as key");
        continue;
      }
      String name = key.getValue();
      String field = path.isEmpty() ? name : path + "." + name;
      if (fields.containsKey(name)) {
        problems.add(
            YamlFault.DUPLICATE_KEY,
            line(key),
            field,
            "the key is there twice",
            "remove one of the two");
        continue;
      }
      fields.put(name, new Field(line(key), value(entry.getValueNode(), field)));
    }
    return fields;
  }

  private static YamlValue.Type type(Tag tag) {
    if (tag.equals(Tag.NULL)) {
      return YamlValue.Type.NULL;
    }
    if (tag.equals(Tag.BOOL)) {
      return YamlValue.Type.BOOLEAN;
    }
    if (tag.equals(Tag.INT)) {
      return YamlValue.Type.INTEGER;
    }
    return tag.equals(Tag.FLOAT) ? YamlValue.Type.FLOAT : YamlValue.Type.TEXT;
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
  }
}
