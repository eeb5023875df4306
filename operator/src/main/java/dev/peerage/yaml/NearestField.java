package dev.peerage.yaml;

import dev.peerage.yaml.YamlValue.Field;
import dev.peerage.yaml.YamlValue.Mapping;
import dev.peerage.yaml.YamlValue.Scalar;
import dev.peerage.yaml.YamlValue.Sequence;
import java.util.List;
import java.util.Map;

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
        int index = path.startsWith("[") && end > 0 ? Integer.parseInt(path, 1, end, 10) : -1;
        yield index >= 0 && index < items.size()
            ? of(items.get(index), path.substring(end + 1))
            : here;
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

  private static boolean leads(String path, String key) {
    return path.startsWith(key)
        && (path.length() == key.length() || ".[".indexOf(path.charAt(key.length())) >= 0);
  }

  private static NearestField behind(Field field, String rest) {
    NearestField inside = of(field.value(), rest);
    return inside.rest == rest.length() ? new NearestField(field.line(), inside.rest) : inside;
  }
}
