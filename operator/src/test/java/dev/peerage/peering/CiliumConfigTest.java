package dev.peerage.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CiliumConfigTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "metadata: {name: cilium-config}                  | false | true",
        "data: {}                                         | false | true",
        "data: {enable-bgp-control-plane: 'true'}         | true  | true",
        "data: {enable-bgp-control-plane: \"true\\n\"}     | true  | true",
        "data: {enable-bgp-control-plane: 'false', enable-lb-ipam: 'false'} | false | false",
      })
  void readsItsKeysWithCiliumsDefaults(String map, boolean bgp, boolean lbIpam) {
    assertThat(CiliumConfig.of(Serialization.unmarshal(map, ConfigMap.class)))
        .isEqualTo(new CiliumConfig(bgp, lbIpam));
  }
}
