package dev.peerage.yaml;

/**
 * What is wrong in a file, for the person who edits it.
 *
 * @param line counted from 1; 0 when the whole file is meant
 * @param subject the field, with the object where a file has several, or what else is meant
 * @param what what is wrong
 * @param remedy how to mend it
 */
public record FileProblem(String file, int line, String subject, String what, String remedy) {
  @Override
  public String toString() {
    return file
        + (line > 0 ? ":" + line : "")
        + ": "
        + (subject.isEmpty() ? "" : subject + ": ")
        + what
        + "\n    to mend it: "
        + remedy;
  }
}
