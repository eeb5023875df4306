package dev.peerage.node;

import dev.peerage.bgp.rib.ExportStatement.Attributes;
import dev.peerage.bgp.wire.Prefix;
import java.util.List;

/**
 * Whether one prefix is announced to one peer, and why or why not. The speaker's export policies
 * are made of the announced ones, so that reasons and routes cannot differ.
 *
 * @param instance the BGP instance
 * @param peer the peer in it
 * @param subject what the prefix belongs to
 * @param prefix the prefix
 * @param outcome announced, or the first reason against it
 */
public record Decision(
    String instance, String peer, Subject subject, Prefix prefix, Outcome outcome) {

  /** The object that a prefix belongs to. */
  public sealed interface Subject {
    /** The PodCIDRs of this node. */
    record PodCidr() implements Subject {}

    /**
     * An address of a Service.
     *
     * @param namespace the Service's namespace
     * @param name the Service's name
     * @param type the field that the address stands in
     */
    record ServiceAddress(String namespace, String name, AddressType type) implements Subject {}
  }

  /** Where a Service's address comes from. The names are those of {@code service.addresses}. */
  public enum AddressType {
    /** {@code status.loadBalancer.ingress[].ip}. */
    LOAD_BALANCER_IP("LoadBalancerIP"),
    /** {@code spec.clusterIPs}. */
    CLUSTER_IP("ClusterIP"),
    /** {@code spec.externalIPs}. */
    EXTERNAL_IP("ExternalIP");

    private final String text;

    AddressType(String text) {
      this.text = text;
    }

    /** The name in the Kubernetes API. */
    public String text() {
      return text;
    }
  }

  /** Announced or not. */
  public sealed interface Outcome {
    /**
     * Announced.
     *
     * @param attributes what the peer gets with the route
     * @param advertisements the names of the CiliumBGPAdvertisements that select it
     */
    record Announced(Attributes attributes, List<String> advertisements) implements Outcome {}

    /** The peer refers to no CiliumBGPPeerConfig, so that no advertisement reaches it. */
    record NoPeerConfig() implements Outcome {}

    /** The peer config does not list the prefix's address family. */
    record FamilyNotConfigured() implements Outcome {}

    /** No advertisement with a matching label holds an item of this type. */
    record NoAdvertisement() implements Outcome {}

    /**
     * Advertisements would fit, but none of their selectors matches the Service.
     *
     * @param advertisements their names
     */
    record NotSelected(List<String> advertisements) implements Outcome {}

    /**
     * Advertisements would fit, but they have no selector, which selects nothing.
     *
     * @param advertisements their names
     */
    record SelectorMissing(List<String> advertisements) implements Outcome {}

    /**
     * Another load balancer announces this Service.
     *
     * @param loadBalancerClass the Service's class
     */
    record ForeignClass(String loadBalancerClass) implements Outcome {}

    /** The traffic policy is Local and no endpoint of the family on this node takes traffic. */
    record NoLocalEndpoint() implements Outcome {}
  }
}
