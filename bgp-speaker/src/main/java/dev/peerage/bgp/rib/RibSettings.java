package dev.peerage.bgp.rib;

import java.net.Inet4Address;

/**
 * What a RIB knows of its own instance.
 *
 * @param localAsn 1 to 4294967295
 * @param routerId the BGP identifier
 * @param multipathRelax whether paths of equal length count as equal although their ASNs differ, as
 *     FRR's {@code bgp bestpath as-path multipath-relax}
 */
public record RibSettings(long localAsn, Inet4Address routerId, boolean multipathRelax) {}
