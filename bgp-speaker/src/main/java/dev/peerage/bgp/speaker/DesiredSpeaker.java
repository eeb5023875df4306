package dev.peerage.bgp.speaker;

import java.util.List;

/**
 * All that a speaker shall do. Equal values mean equal behaviour: applying the same state twice
 * sends nothing.
 *
 * @param instances the instances, with unique names
 */
public record DesiredSpeaker(List<DesiredInstance> instances) {
  /** Nothing: no instance, no session. */
  public static final DesiredSpeaker NOTHING = new DesiredSpeaker(List.of());

  /** Copies the list. Throws {@link IllegalArgumentException} when two instances share a name. */
  public DesiredSpeaker {
    instances = List.copyOf(instances);
    if (instances.stream().map(DesiredInstance::name).distinct().count() != instances.size()) {
      throw new IllegalArgumentException("two instances have the same name");
    }
  }
}
