package dev.peerage.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.bgp.wire.Prefix;
import dev.peerage.kube.ServiceKey;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @Test
  void whatIsTypedIsToldApart() {
    assertThat(Target.parse("webpod")).isEqualTo(new Target.OfService(Optional.empty(), "webpod"));
    assertThat(Target.parse("shop/webpod"))
        .isEqualTo(new Target.OfService(Optional.of("shop"), "webpod"));
    assertThat(Target.parse("svc/webpod"))
        .isEqualTo(new Target.OfService(Optional.empty(), "webpod"));
    assertThat(Target.parse("service/shop/webpod"))
        .isEqualTo(new Target.OfService(Optional.of("shop"), "webpod"));
    assertThat(Target.parse("gateway/infra/public"))
        .isEqualTo(new Target.OfGateway(Optional.of("infra"), "public"));
    assertThat(Target.parse("172.16.1.1"))
        .isEqualTo(new Target.OfPrefix(Prefix.parse("172.16.1.1/32")));
    assertThat(Target.parse("172.16.0.0/16"))
        .isEqualTo(new Target.OfPrefix(Prefix.parse("172.16.0.0/16")));
    assertThat(Target.parse("fd00::1")).isEqualTo(new Target.OfPrefix(Prefix.parse("fd00::1/128")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b/c", "/web", "web/", "172.16.1.0/33", "gateway/"})
  void whatIsNeitherIsRefusedInWords(String text) {
    assertThatThrownBy(() -> Target.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("Exception");
  }

  @Test
  void anAgentIsAskedAboutOneThing() {
    assertThat(WhyQuery.of(Map.of("service", "a/b")))
        .isEqualTo(new WhyQuery.OfService(new ServiceKey("a", "b")));
    WhyQuery prefix = WhyQuery.of(Map.of("prefix", "fd00::1"));
    assertThat(WhyQuery.of(Map.of("prefix", prefix.parameters().substring("prefix=".length()))))
        .isEqualTo(prefix);
    assertThatThrownBy(() -> WhyQuery.of(Map.of("service", "b")))
        .hasMessage("service 'b' is not NAMESPACE/NAME");
    assertThatThrownBy(() -> WhyQuery.of(Map.of("name", "b")))
        .hasMessageContaining("service=NAMESPACE/NAME");
    assertThatThrownBy(() -> WhyQuery.of(Map.of())).hasMessageContaining("give one of");
  }
}
