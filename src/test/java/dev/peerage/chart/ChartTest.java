package dev.peerage.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import dev.peerage.chart.Chart.Rendered;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The chart as a whole: what it renders from which values, under which names. */
class ChartTest {
  @Test
  void lintHasNothingToSay() {
    LintResult lint = Chart.lint();

    assertThat(lint.isFailed()).as(lint.getMessages().toString()).isFalse();
  }

  @Test
  void disabledRendersNothingButTheResourceDefinitions() {
    assertThat(Chart.render("bgpControlPlane.enabled=false").objects()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "bgpControlPlane.statusReprot.enabled=false, statusReprot",
    "bgpControlPlane.secretNamespace.name=x, secretNamespace",
    "bgpControlPlane.routerIDAllocation.mode=pool, /bgpControlPlane/routerIDAllocation/mode",
    "bgpControlplane.enabled=false, bgpControlplane",
    "image.name=peerage, name",
    "agent.hostNetwork=false, hostNetwork",
    "image.pullPolicy=Sometimes, /image/pullPolicy",
    "operator.replicas=many, /operator/replicas",
    "agent.httpPort=99999, /agent/httpPort",
    "agent.snapshot.maxAge=2d, /agent/snapshot/maxAge",
    "agent.snapshot.hostPath=var, /agent/snapshot/hostPath",
    "agent.updateStrategy.type=Foo, /agent/updateStrategy/type",
    "agent.updateStrategy.rollingUpdate.maxUnavailable=0, /agent/updateStrategy/rollingUpdate",
    "agent.updateStrategy.rollingUpdate.maxSurge=1, maxSurge",
    "bgpControlPlane.routerIDAllocation.ipPool=garbage, /bgpControlPlane/routerIDAllocation/ipPool",
    "bgpControlPlane.routerIDAllocation.ipPool=10.0.0.0, /bgpControlPlane/routerIDAllocation/ipPool",
    "bgpControlPlane.routerIDAllocation.ipPool=10.0.0.0/33, /bgpControlPlane/routerIDAllocation",
    "bgpControlPlane.routerIDAllocation.ipPool=fd00::/8, /bgpControlPlane/routerIDAllocation",
    "externalIPs.allowedCIDRs[0]=192.0.2.7, /externalIPs/allowedCIDRs/0",
    "externalIPs.allowedCIDRs[0]=300.0.0.0/8, /externalIPs/allowedCIDRs/0",
  })
  void wrongValuesAreRefusedByName(String value, String named) {
    assertThatThrownBy(() -> Chart.render(value)).hasMessageContaining(named);
  }

  @Test
  void objectNamesFollowTheRelease() {
    assertThat(names(Chart.renderAs("peerage"))).containsOnly(named("peerage"));
    assertThat(names(Chart.renderAs("edge"))).containsOnly(named("edge-peerage"));
    assertThat(names(Chart.renderAs("edge", "nameOverride=bgp"))).containsOnly(named("edge-bgp"));
    assertThat(names(Chart.renderAs("edge", "fullnameOverride=bgp"))).containsOnly(named("bgp"));
  }

  private static String[] named(String prefix) {
    return Stream.concat(
            Stream.of("operator", "agent")
                .flatMap(part -> Stream.of(part, part + "-secrets", part + "-cilium")),
            Stream.of(
                "agent-events",
                "agent-daemonset",
                "agent-status",
                "reader",
                "migration",
                "uninstall"))
        .map(name -> prefix + "-" + name)
        .toArray(String[]::new);
  }

  private static Stream<String> names(Rendered chart) {
    return chart.objects().stream().map(HasMetadata::getMetadata).map(meta -> meta.getName());
  }

  @Test
  void theInstallationPageListsEveryValueAndNoOther() throws IOException {
    JsonNode values =
        Serialization.yamlMapper().readTree(Chart.FOLDER.resolve("values.yaml").toFile());
    String page = Files.readString(Chart.FOLDER.resolve("../../docs/install.md"));
    String table = page.substring(page.indexOf("### Values"), page.indexOf("### Ports"));
    Set<String> listed =
        Pattern.compile("(?m)^\\| `([^`]+)`")
            .matcher(table)
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toSet());

    assertThat(listed)
        .allSatisfy(
            name -> assertThat(values.at("/" + name.replace('.', '/')).isMissingNode()).isFalse());
    assertThat(leaves("", values))
        .allSatisfy(
            leaf -> assertThat(listed).anyMatch(name -> (leaf + ".").startsWith(name + ".")));
  }

  private static List<String> leaves(String path, JsonNode value) {
    if (!value.isObject() || value.isEmpty()) {
      return List.of(path);
    }
    return value.properties().stream()
        .flatMap(each ->
            leaves(path.isEmpty() ? each.getKey() : path + "." + each.getKey(), each.getValue())
                .stream())
        .toList();
  }
}
