package dev.peerage.announce;

import dev.peerage.bgp.export.ExportStatement.Attributes;
import dev.peerage.bgp.wire.Prefix;
import dev.peerage.host.OperState;
import dev.peerage.peering.AddressType;
import java.util.List;
import java.util.Optional;

/**
 * Whether one prefix is announced to one peer, and why or why not. The speaker's export policies
 * are made of the announced ones, so that reasons and routes cannot differ.
 *
 * @param instance the BGP instance
 * @param peer the peer in it
 * @param subject what the prefix belongs to
 * @param prefix the prefix; empty when the subject has none that could be announced, and then the
 *     outcome says why
 * @param outcome announced, or the first reason against it
 */
public record Decision(
    String instance, String peer, Subject subject, Optional<Prefix> prefix, Outcome outcome) {

  /** Whether an announcement of this decision stands for a wider prefix than the address has. */
  public boolean aggregates(Announcement announcement) {
    return prefix.isPresent() && announcement.prefix().length() < prefix.get().length();
  }

  /**
   * A route that a peer gets.
   *
   * @param prefix what goes into the UPDATE: the decision's prefix, or an aggregate around it
   * @param attributes what the peer gets with the route
   * @param advertisements the names of the CiliumBGPAdvertisements that ask for it, sorted
   */
  public record Announcement(Prefix prefix, Attributes attributes, List<String> advertisements) {
    public Announcement {
      advertisements = List.copyOf(advertisements);
    }
  }

  /** The object that a prefix belongs to. */
  public sealed interface Subject {
    /** The PodCIDRs of this node. */
    record PodCidr() implements Subject {}

    /**
     * An address of a Service.
     *
     * @param type the field that the address stands in
     */
    record ServiceAddress(String namespace, String name, AddressType type) implements Subject {}

    /** The CIDRs of a CiliumPodIPPool that are allocated to this node. */
    record PodPool(String pool) implements Subject {}

    /** The addresses of a network interface of this node. */
    record Interface(String name) implements Subject {}
  }

  /** Announced or not. */
  public sealed interface Outcome {
    /**
     * Announced.
     *
     * @param announcements the prefix itself, an aggregate, or both; each prefix once, the longest
     *     first
     */
    record Announced(List<Announcement> announcements) implements Outcome {
      public Announced {
        announcements = List.copyOf(announcements);
      }
    }

    /** The peer refers to no CiliumBGPPeerConfig, so that no advertisement reaches it. */
    record NoPeerConfig() implements Outcome {}

    /** The peer config does not list the prefix's address family. */
    record FamilyNotConfigured() implements Outcome {}

    /** No advertisement with a matching label holds an item of this type. */
    record NoAdvertisement() implements Outcome {}

    /** Advertisements would fit, but none of their selectors matches the object. */
    record NotSelected(List<String> advertisements) implements Outcome {}

    /** Advertisements would fit, but they have no selector, which selects nothing. */
    record SelectorMissing(List<String> advertisements) implements Outcome {}

    /** Another load balancer announces this Service. */
    record ForeignClass(String loadBalancerClass) implements Outcome {}

    /**
     * Another proxy than the nodes' serves this Service (label {@code
     * service.kubernetes.io/service-proxy-name}).
     */
    record ForeignProxy(String proxy) implements Outcome {}

    /** The Node's label {@code node.kubernetes.io/exclude-from-external-load-balancers}. */
    record ExcludedNode() implements Outcome {}

    /** The external address is in none of the ranges that the agent's options allow. */
    record OutsideExternalIpRanges() implements Outcome {}

    /** No endpoint of the family takes traffic, on any node, and such routes are not wanted. */
    record NoEndpoint() implements Outcome {}

    /** There is nothing to announce yet: no address of this type, or no CIDR, or no address. */
    record NoAddress() implements Outcome {}

    /** No proxy forwards to the Service: {@code clusterIP: None}. */
    record Headless() implements Outcome {}

    /** No proxy forwards to the Service: {@code type: ExternalName} is DNS only. */
    record ExternalName() implements Outcome {}

    /**
     * No proxy forwards to an address of a family that the Service has not ({@code ipFamilies}).
     */
    record OtherFamily() implements Outcome {}

    /** The load balancer keeps the traffic for itself ({@code ipMode: Proxy}). */
    record ProxiedAddress() implements Outcome {}

    /** The Service's load balancer has a host name instead of an address. */
    record Hostname(String hostname) implements Outcome {}

    /** No interface has this name. */
    record NoInterface() implements Outcome {}

    /**
     * The interface is not up.
     *
     * @param adminUp whether it is switched on
     * @param state its operational state; unknown counts as up
     */
    record InterfaceDown(boolean adminUp, OperState state) implements Outcome {}

    /** The interface's address is of a kind that other hosts cannot reach. */
    record UnreachableAddress(AddressKind kind) implements Outcome {}

    /** CIDRs are allocated to the node out of a pool that no longer exists. */
    record NoPool() implements Outcome {}

    /** Pods get no addresses out of the Node's CIDR: the CiliumNode holds others. */
    record OtherIpam() implements Outcome {}

    /**
     * The traffic policy is Local, and no endpoint of the family on this node is ready, or they
     * shut down while one on another node is ready.
     */
    record NoLocalEndpoint() implements Outcome {}
  }

  /** The kinds of interface addresses that are never announced. */
  public enum AddressKind {
    /** 127.0.0.0/8 and ::1. */
    LOOPBACK,
    /** 224.0.0.0/4 and ff00::/8. */
    MULTICAST,
    /** 0.0.0.0 and ::. */
    UNSPECIFIED,
    /** fe80::/10; IPv4's 169.254.0.0/16 is announced. */
    IPV6_LINK_LOCAL,
    /** ::ffff:0:0/96. */
    IPV4_MAPPED
  }
}
