package dev.peerage.node;

import java.util.Map;
import java.util.OptionalInt;

/**
 * A CiliumPodIPPool, as far as announcements read it.
 *
 * @param name its name
 * @param labels its labels
 * @param ipv4MaskSize the length of the IPv4 prefixes that nodes get from it
 * @param ipv6MaskSize the length of the IPv6 prefixes that nodes get from it
 */
public record PodIpPool(
    String name, Map<String, String> labels, OptionalInt ipv4MaskSize, OptionalInt ipv6MaskSize) {
  /** Copies the labels. */
  public PodIpPool {
    labels = Map.copyOf(labels);
  }
}
