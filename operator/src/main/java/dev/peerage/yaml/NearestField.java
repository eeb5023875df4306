package dev.peerage.yaml;

import dev.peerage.yaml.YamlValue.Field;
import dev.peerage.yaml.YamlValue.Mapping;
import dev.peerage.yaml.YamlValue.Scalar;
import dev.peerage.yaml.YamlValue.Sequence;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The field at a path, or the nearest one around it that is there.
 *
 * @param rest how many characters of the path lead on from it: the fewer, the nearer
 */
record NearestField(int line, int rest) {
  static NearestField of(YamlValue value, String path) {
    var here = new NearestField(value.line(), path.length());
    return switch (value) {
      case Scalar _ -> here;
      case Sequence(int _, List<YamlValue> items) -> {
        int end = path.indexOf(']');
        OptionalInt index =
            path.startsWith("[") && end > 0
                ? entry(items, path.substring(1, end))
                : OptionalInt.empty();
        yield index.isPresent() ? of(items.get(index.getAsInt()), path.substring(end + 1)) : here;
      }
      case Mapping(int _, Map<String, Field> fields) -> {
        String from = path.startsWith(".") ? path.substring(1) : path;
        NearestField nearest = here;
        // Keys may hold dots themselves, as labels do: the one that leads farthest is meant.
        for (Map.Entry<String, Field> field : fields.entrySet()) {
          if (leads(from, field.getKey())) {
            NearestField found = behind(field.getValue(), from.substring(field.getKey().length()));
            nearest = found.rest < nearest.rest ? found : nearest;
          }
        }
        yield nearest;
      }
    };
  }

  /** An entry by its index, its {@code name}, or its {@code afi/safi}. */
  private static OptionalInt entry(List<YamlValue> items, String wanted) {
    if (wanted.matches("\\d{1,9}")) {
      int index = Integer.parseInt(wanted);
      return index < items.size() ? OptionalInt.of(index) : OptionalInt.empty();
    }
    return IntStream.range(0, items.size())
        .filter(i -> items.get(i) instanceof Mapping it && isCalled(it.fields(), wanted))
        .findFirst();
  }

  private static boolean isCalled(Map<String, Field> fields, String wanted) {
    return text(fields, "name").equals(wanted)
        || (text(fields, "afi") + "/" + text(fields, "safi")).equals(wanted);
  }

  private static String text(Map<String, Field> fields, String name) {
    Field field = fields.get(name);
    return field != null && field.value() instanceof Scalar scalar ? scalar.text() : "";
  }

  private static boolean leads(String path, String key) {
    return path.startsWith(key)
        && (path.length() == key.length() || ".[".indexOf(path.charAt(key.length())) >= 0);
  }

  private static NearestField behind(Field field, String rest) {
    NearestField inside = of(field.value(), rest);
    return inside.rest == rest.length() ? new NearestField(field.line(), inside.rest) : inside;
  }
}
