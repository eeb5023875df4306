package dev.peerage.crd.v2;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses for Services of type LoadBalancer.
 *
 * @param serviceSelector which Services; absent or empty: all. Beside their labels Services have
 *     {@code io.kubernetes.service.name} and {@code io.kubernetes.service.namespace}
 * @param disabled no new addresses are given out; those in use stay
 */
@ApiObject
public record CiliumLoadBalancerIPPoolSpec(
    @JsonPropertyDescription("Labels of the Services that may use this pool; absent: all.")
        @Nullable LabelSelector serviceSelector,
    @JsonPropertyDescription("No keeps the first and last address of each CIDR back; absent: Yes.")
        @UnknownAsNull
        @Nullable AllowFirstLastIPs allowFirstLastIPs,
    @JsonPropertyDescription("The addresses, as CIDRs or ranges.") List<Block> blocks,
    @Default("false") @JsonPropertyDescription("Whether no new addresses are given out.")
        Boolean disabled) {

  public CiliumLoadBalancerIPPoolSpec {
    blocks = Absent.list(blocks);
    disabled = Absent.or(disabled, false);
  }

  /** Whether the first and last address of a CIDR may be given out. */
  public enum AllowFirstLastIPs {
    @JsonProperty("Yes")
    YES,
    @JsonProperty("No")
    NO
  }

  /**
   * A CIDR, or a range of addresses.
   *
   * @param cidr goes before start and stop
   * @param start first address; without stop: the only one
   * @param stop last address
   */
  @ApiObject
  public record Block(
      @JsonPropertyDescription("All addresses of a prefix.") @Nullable String cidr,
      @JsonPropertyDescription("First address; without stop, the only one.") @Nullable String start,
      @JsonPropertyDescription("Last address.") @Nullable String stop) {}
}
