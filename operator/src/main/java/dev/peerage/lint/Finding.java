package dev.peerage.lint;

import dev.peerage.yaml.FileProblem;

/**
 * What is wrong in a manifest, or what there is to know about it.
 *
 * @param code what kind of finding it is
 * @param severity how bad; {@link FindingCode#severity()} unless the place makes it less
 * @param place where it is written
 * @param what what is wrong and what follows from it
 * @param remedy how to mend it; empty where there is nothing to mend
 * @param instead YAML to write instead; empty where the remedy says all
 */
public record Finding(
    FindingCode code, Severity severity, Place place, String what, String remedy, String instead) {

  /** How bad it is, the worst first. */
  public enum Severity {
    /** The API server would refuse the object, or nobody can read the file. */
    ERROR,
    /** The API server takes it, and it does not do what it says. */
    WARNING,
    /** Nothing is wrong as far as these files tell; somebody may still want to know. */
    NOTE;

    /** The word in lower case. */
    public String word() {
      return switch (this) {
        case ERROR -> "error";
        case WARNING -> "warning";
        case NOTE -> "note";
      };
    }
  }

  /**
   * Where something is written.
   *
   * @param file its name; empty for an object that is in no file
   * @param line counted from 1; 0 when the whole file is meant, or no file
   * @param object for example {@code Service default/webpod}; empty when a whole file is meant
   * @param field the path in the object; empty when the whole object is meant
   */
  public record Place(String file, int line, String object, String field) {
    /** A whole file. */
    static Place ofFile(String file) {
      return new Place(file, 0, "", "");
    }

    /** The object and the field in one. */
    public String subject() {
      return object.isEmpty() || field.isEmpty() ? object + field : object + ", " + field;
    }

    /** File and line, as editors and CI systems take it; empty for what is in no file. */
    public String position() {
      return file + (line > 0 ? ":" + line : "");
    }
  }

  Finding(FindingCode code, Place place, String what, String remedy) {
    this(code, code.severity(), place, what, remedy, "");
  }

  /** With YAML to write instead. */
  Finding instead(String yaml) {
    return new Finding(code, severity, place, what, remedy, yaml);
  }

  /** With another severity. */
  Finding as(Severity other) {
    return new Finding(code, other, place, what, remedy, instead);
  }

  /** For who edits the file and knows no codes. */
  FileProblem problem() {
    return new FileProblem(place.file(), place.line(), place.subject(), what, remedy);
  }
}
