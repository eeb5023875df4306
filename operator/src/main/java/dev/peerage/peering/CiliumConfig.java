package dev.peerage.peering;

import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.Map;

/**
 * What Cilium, where it is installed, does itself of what Peerage does: keys of its ConfigMap.
 *
 * @param bgp whether its own BGP control plane is on: its operator writes CiliumBGPNodeConfigs, its
 *     agents hold the sessions and write the statuses
 * @param lbIpam whether its operator gives addresses to Services
 */
public record CiliumConfig(boolean bgp, boolean lbIpam) {
  /** The ConfigMap's name. */
  public static final String NAME = "cilium-config";

  /** Cilium is not there. */
  public static final CiliumConfig ABSENT = new CiliumConfig(false, false);

  private static final String BGP = "enable-bgp-control-plane";
  private static final String LB_IPAM = "enable-lb-ipam";

  /** Reads the ConfigMap, with Cilium's defaults for what it does not set. */
  public static CiliumConfig of(ConfigMap map) {
    Map<String, String> data = map.getData() == null ? Map.of() : map.getData();
    return new CiliumConfig(
        Boolean.parseBoolean(data.getOrDefault(BGP, "false").strip()),
        Boolean.parseBoolean(data.getOrDefault(LB_IPAM, "true").strip()));
  }

  /** The sentence about its BGP control plane being on, up to what follows. */
  public static String bgpIsOn(String namespace) {
    return "Cilium's own BGP control plane is on (ConfigMap "
        + namespace
        + "/"
        + NAME
        + ": "
        + BGP
        + " is true)";
  }

  /** What to do about that. */
  public static String remedy() {
    return "set bgpControlPlane.enabled=false of Cilium's chart and restart Cilium's operator and"
        + " agents, or uninstall Peerage";
  }
}
