package dev.peerage.table;

import java.util.List;

/** Lays out cells in left-aligned columns, three blanks apart, without trailing blanks. */
final class Columns {
  private static final int GAP = 3;

  private Columns() {}

  /** Every row has as many cells as the header. Each line ends with a newline. */
  static String layout(List<String> header, List<List<String>> rows) {
    int[] widths = new int[header.size()];
    measure(header, widths);
    rows.forEach(row -> measure(row, widths));
    var text = new StringBuilder();
    append(text, header, widths);
    rows.forEach(row -> append(text, row, widths));
    return text.toString();
  }

  private static void measure(List<String> row, int[] widths) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], row.get(i).length());
    }
  }

  private static void append(StringBuilder text, List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = row.get(i);
      line.append(cell).repeat(" ", widths[i] - cell.length() + GAP);
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
