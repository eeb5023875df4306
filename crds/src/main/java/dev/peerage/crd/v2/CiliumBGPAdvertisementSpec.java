package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What selected peers are told. */
@ApiObject
public record CiliumBGPAdvertisementSpec(
    @Required @JsonPropertyDescription("What to advertise.") List<Advertisement> advertisements) {

  public CiliumBGPAdvertisementSpec {
    advertisements = Absent.list(advertisements).stream().filter(Advertisement::known).toList();
  }

  /**
   * One source of routes.
   *
   * @param selector which Services or CiliumPodIPPools; absent: none, empty: all
   */
  @ApiObject
  @ValidationRule(
      value = "self.advertisementType != 'Service' || has(self.service)",
      fieldPath = ".service",
      message = "advertisementType Service needs the block service with its addresses")
  @ValidationRule(
      value = "self.advertisementType == 'Service' || !has(self.service)",
      fieldPath = ".service",
      message = "service is for advertisementType Service only")
  @ValidationRule(
      value = "self.advertisementType != 'Interface' || has(self.interface)",
      fieldPath = ".interface",
      message = "advertisementType Interface needs the block interface with a name")
  @ValidationRule(
      value = "self.advertisementType == 'Interface' || !has(self.interface)",
      fieldPath = ".interface",
      message = "interface is for advertisementType Interface only")
  @ValidationRule(
      value = "self.advertisementType != 'PodCIDR' || !has(self.selector)",
      fieldPath = ".selector",
      message = "selector is not for advertisementType PodCIDR: a node has only its own PodCIDRs")
  public record Advertisement(
      @Required @JsonPropertyDescription("Where the routes come from.") @UnknownAsNull
          Type advertisementType,
      @JsonPropertyDescription("For type Service: which addresses.") @Nullable Service service,
      @JsonProperty("interface") @JsonPropertyDescription("For type Interface: which interface.")
          @Nullable Interface iface,
      @JsonPropertyDescription(
              "Labels of the Services or CiliumPodIPPools; absent: none, empty: all.")
          @Nullable LabelSelector selector,
      @JsonPropertyDescription("Path attributes of the routes.") @Nullable Attributes attributes) {

    @SuppressWarnings("ConstantValue") // null when a newer Cilium's value is not known here
    private boolean known() {
      return advertisementType != null;
    }
  }

  /** Where routes come from. */
  public enum Type {
    @JsonProperty("PodCIDR")
    POD_CIDR,
    @JsonProperty("CiliumPodIPPool")
    CILIUM_POD_IP_POOL,
    @JsonProperty("Service")
    SERVICE,
    @JsonProperty("Interface")
    INTERFACE
  }

  /** Which addresses of a Service. */
  @ApiObject
  public record Service(
      @Required @Size(min = 1) @JsonPropertyDescription("The kinds of address.") @UnknownAsNull
          List<ServiceAddress> addresses,
      @Min(0)
          @Max(31)
          @JsonPropertyDescription(
              "Length of the IPv4 prefix that covers the addresses; absent: 32.")
          @Nullable Integer aggregationLengthIPv4,
      @Min(0)
          @Max(127)
          @JsonPropertyDescription(
              "Length of the IPv6 prefix that covers the addresses; absent: 128.")
          @Nullable Integer aggregationLengthIPv6) {

    public Service {
      addresses = Absent.list(addresses);
    }
  }

  /** A kind of address of a Service. */
  public enum ServiceAddress {
    @JsonProperty("LoadBalancerIP")
    LOAD_BALANCER_IP,
    @JsonProperty("ClusterIP")
    CLUSTER_IP,
    @JsonProperty("ExternalIP")
    EXTERNAL_IP
  }

  /** An interface of the node. */
  @ApiObject
  public record Interface(
      @Required @JsonPropertyDescription("Name of the interface.") String name) {

    public Interface {
      name = Absent.required(name, "name");
    }
  }

  /** Path attributes of the routes. */
  @ApiObject
  public record Attributes(
      @JsonPropertyDescription("Communities to attach.") @Nullable Communities communities,
      @JsonPropertyDescription("LOCAL_PREF, for iBGP peers only.")
          @Nullable Long localPreference) {}

  /** Communities of three kinds. */
  @ApiObject
  public record Communities(
      @JsonPropertyDescription("RFC 1997: a number, or two joined by a colon.")
          List<@Pattern(Patterns.STANDARD_COMMUNITY) String> standard,
      @JsonPropertyDescription("RFC 1997 communities by name.") @UnknownAsNull
          List<WellKnownCommunity> wellKnown,
      @JsonPropertyDescription("RFC 8092: three numbers joined by colons.")
          List<@Pattern(Patterns.LARGE_COMMUNITY) String> large) {

    public Communities {
      standard = Absent.list(standard);
      wellKnown = Absent.list(wellKnown);
      large = Absent.list(large);
    }
  }

  /** A community with a name in IANA's registry. */
  public enum WellKnownCommunity {
    @JsonProperty("internet")
    INTERNET(0, 0),
    @JsonProperty("planned-shut")
    PLANNED_SHUT(65535, 0),
    @JsonProperty("accept-own")
    ACCEPT_OWN(65535, 1),
    @JsonProperty("route-filter-translated-v4")
    ROUTE_FILTER_TRANSLATED_V4(65535, 2),
    @JsonProperty("route-filter-v4")
    ROUTE_FILTER_V4(65535, 3),
    @JsonProperty("route-filter-translated-v6")
    ROUTE_FILTER_TRANSLATED_V6(65535, 4),
    @JsonProperty("route-filter-v6")
    ROUTE_FILTER_V6(65535, 5),
    @JsonProperty("llgr-stale")
    LLGR_STALE(65535, 6),
    @JsonProperty("no-llgr")
    NO_LLGR(65535, 7),
    @JsonProperty("blackhole")
    BLACKHOLE(65535, 666),
    @JsonProperty("no-export")
    NO_EXPORT(65535, 65281),
    @JsonProperty("no-advertise")
    NO_ADVERTISE(65535, 65282),
    @JsonProperty("no-export-subconfed")
    NO_EXPORT_SUBCONFED(65535, 65283),
    @JsonProperty("no-peer")
    NO_PEER(65535, 65284);

    private final int value;

    WellKnownCommunity(int high, int low) {
      value = high << 16 | low;
    }

    /** The community as an unsigned 32-bit number. */
    public int value() {
      return value;
    }

    /** Its name in a manifest, for example {@code no-export}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The community with this unsigned 32-bit number, if it has a name. */
    public static Optional<WellKnownCommunity> of(long number) {
      return Arrays.stream(values())
          .filter(known -> Integer.toUnsignedLong(known.value) == number)
          .findFirst();
    }
  }
}
