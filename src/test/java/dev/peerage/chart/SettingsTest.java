package dev.peerage.chart;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.peerage.chart.Chart.Rendered;
import dev.peerage.cli.PeerageCommand;
import dev.peerage.logging.Logging;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the values tell the programs: arguments and environment variables of the containers. */
class SettingsTest {
  @Test
  void theProgramLearnsWhereItRuns() {
    Rendered chart = Chart.render();

    assertThat(Chart.env(chart.agent(), "NODE_NAME").getValueFrom().getFieldRef().getFieldPath())
        .isEqualTo("spec.nodeName");
    assertThat(
            Chart.env(chart.operator(), "POD_NAMESPACE")
                .getValueFrom()
                .getFieldRef()
                .getFieldPath())
        .isEqualTo("metadata.namespace");
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "operator"})
  void theProgramKnowsEveryArgumentAndVariable(String component) {
    Rendered chart = Chart.render();
    Container container =
        Chart.container(component.equals("agent") ? chart.agent() : chart.operator());
    CommandLine command =
        requireNonNull(
            new CommandLine(new PeerageCommand())
                .getSubcommands()
                .get(container.getArgs().getFirst()));

    for (String argument : container.getArgs().subList(1, container.getArgs().size())) {
      String option = argument.replaceAll("=.*", "");
      assertThat(command.getCommandSpec().findOption(option)).as(option).isNotNull();
    }
    String read =
        command.getCommandSpec().options().stream()
            .flatMap(option -> Stream.of(option.description()))
            .collect(Collectors.joining(" "));
    read += " environment: " + Logging.LEVEL + " environment: " + Logging.FORM;
    for (EnvVar variable : container.getEnv()) {
      assertThat(read).containsPattern("env(ironment)?: ?" + variable.getName() + "\\b");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void statusReportReachesBothParts(boolean enabled) {
    Rendered chart = Chart.render("bgpControlPlane.statusReport.enabled=" + enabled);

    for (PodTemplateSpec pod : List.of(chart.operator(), chart.agent())) {
      assertThat(Chart.env(pod, "PEERAGE_STATUS_REPORT").getValue())
          .isEqualTo(String.valueOf(enabled));
    }
  }

  @Test
  void aChangeOfStatusReportRestartsTheAgents() {
    PodTemplateSpec on = Chart.render("bgpControlPlane.statusReport.enabled=true").agent();
    PodTemplateSpec off = Chart.render("bgpControlPlane.statusReport.enabled=false").agent();

    assertThat(on).isNotEqualTo(off);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lbipam", "nodeipam", "none"})
  void defaultIpamReachesTheOperator(String ipam) {
    Rendered chart = Chart.render("defaultLBServiceIPAM=" + ipam);

    assertThat(Chart.env(chart.operator(), "PEERAGE_DEFAULT_LB_SERVICE_IPAM").getValue())
        .isEqualTo(ipam);
  }

  @ParameterizedTest
  @ValueSource(strings = {"keep", "remove"})
  void whatBecomesOfForeignAddressesReachesTheOperator(String what) {
    Rendered chart = Chart.render("lbIPAM.foreignAddresses=" + what);

    assertThat(Chart.env(chart.operator(), "PEERAGE_FOREIGN_ADDRESSES").getValue()).isEqualTo(what);
  }

  @Test
  void moreEnvironmentIsAddedToWhatTheChartSets() {
    Rendered chart =
        Chart.render(
            "log.level=debug",
            "agent.extraEnv[0].name=JDK_JAVA_OPTIONS",
            "agent.extraEnv[0].value=-Xint");

    assertThat(Chart.env(chart.agent(), "JDK_JAVA_OPTIONS").getValue()).isEqualTo("-Xint");
    assertThat(Chart.env(chart.agent(), "PEERAGE_LOG_LEVEL").getValue()).isEqualTo("debug");
    assertThat(Chart.env(chart.operator(), "PEERAGE_LOG_LEVEL").getValue()).isEqualTo("debug");
  }

  @ParameterizedTest
  @CsvSource({
    "bgpControlPlane.routerIDAllocation.mode=ip-pool"
        + " bgpControlPlane.routerIDAllocation.ipPool=10.0.0.0/8, PEERAGE_ROUTER_ID_MODE, ip-pool",
    "bgpControlPlane.routerIDAllocation.mode=default, PEERAGE_ROUTER_ID_MODE, default",
    "bgpControlPlane.legacyOriginAttribute.enabled=true, PEERAGE_LEGACY_ORIGIN, true",
    "agent.receivedRoutes.memoryPercent=40, PEERAGE_RECEIVED_ROUTES_MEMORY, 40",
    "agent.receivedRoutes.maximumPrefixes=2000000, PEERAGE_MAXIMUM_PREFIXES, 2000000",
    "enableNoServiceEndpointsRoutable=false, PEERAGE_NO_SERVICE_ENDPOINTS_ROUTABLE, false",
    "agent.snapshot.maxAge=90m, PEERAGE_SNAPSHOT_MAX_AGE, 90m",
    "fullnameOverride=bgp, PEERAGE_DAEMONSET, peerage-system/bgp-agent",
  })
  void whatDecidesAboutRoutesReachesTheAgents(String value, String variable, String expected) {
    assertThat(Chart.env(Chart.render(value.split(" ")).agent(), variable).getValue())
        .isEqualTo(expected);
  }

  @Test
  void theAgentsAreToldWhichExternalIpsTheyMayAnnounce() {
    assertThat(
            Chart.env(
                    Chart.render(
                            "externalIPs.allowedCIDRs[0]=192.0.2.0/24",
                            "externalIPs.allowedCIDRs[1]=2001:db8::/32")
                        .agent(),
                    "PEERAGE_EXTERNAL_IP_CIDRS")
                .getValue())
        .isEqualTo("192.0.2.0/24,2001:db8::/32");
    assertThat(Chart.container(Chart.render().agent()).getEnv())
        .noneMatch(variable -> variable.getName().equals("PEERAGE_EXTERNAL_IP_CIDRS"));
  }

  /** Helm knows such values; Kubernetes and the program would refuse others only once they run. */
  @ParameterizedTest
  @CsvSource({
    "agent.updateStrategy.type=OnDelete",
    "agent.updateStrategy.rollingUpdate.maxUnavailable=10%",
    "agent.updateStrategy.rollingUpdate.maxUnavailable=3",
    "bgpControlPlane.routerIDAllocation.ipPool=10.255.255.254/31",
    "externalIPs.allowedCIDRs[0]=0.0.0.0/0",
    "externalIPs.allowedCIDRs[0]=::ffff:0:0/96",
  })
  void whatWorksIsTaken(String value) {
    assertThat(Chart.render(value).objects()).isNotEmpty();
  }

  /** `helm upgrade --reuse-values` brings the values of the chart before, and no new ones. */
  @Test
  void valuesThatAnOlderChartDidNotHaveCountAsTheDefaults() {
    assertThat(
            Chart.render(
                    "externalIPs=null",
                    "cilium=null",
                    "admissionPolicy=null",
                    "bgpControlPlane.secretsNamespace.enabled=null")
                .objects())
        .isEqualTo(Chart.render().objects());
  }

  @Test
  void theModeIpPoolNeedsAPool() {
    assertThatThrownBy(() -> Chart.render("bgpControlPlane.routerIDAllocation.mode=ip-pool"))
        .hasMessageContaining("needs ipPool, a CIDR such as 10.42.0.0/16");
    assertThat(
            Chart.env(
                    Chart.render(
                            "bgpControlPlane.routerIDAllocation.mode=ip-pool",
                            "bgpControlPlane.routerIDAllocation.ipPool=10.42.0.0/16")
                        .operator(),
                    "PEERAGE_ROUTER_ID_POOL")
                .getValue())
        .isEqualTo("10.42.0.0/16");
  }
}
