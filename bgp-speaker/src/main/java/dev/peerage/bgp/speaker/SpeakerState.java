package dev.peerage.bgp.speaker;

import java.util.List;

/**
 * What is really on the wire, at one moment.
 *
 * @param instances sorted by name
 */
public record SpeakerState(List<InstanceState> instances) {
  /** A speaker without instances. */
  public static final SpeakerState EMPTY = new SpeakerState(List.of());

  public SpeakerState {
    instances = List.copyOf(instances);
  }
}
