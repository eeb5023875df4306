package dev.peerage.chart;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.marcnuri.helm.LintResult;
import dev.peerage.chart.Chart.Rendered;
import dev.peerage.cli.PeerageCommand;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ChartTest {
  private static final Set<String> READING = Set.of("get", "list", "watch");

  @Test
  void lintHasNothingToSay() {
    LintResult lint = Chart.lint();

    assertThat(lint.isFailed()).as(lint.getMessages().toString()).isFalse();
  }

  @Test
  void podsRunAsAnOrdinaryUserWithoutAnyPrivilege() {
    Rendered chart = Chart.render();

    for (PodTemplateSpec pod : List.of(chart.operator(), chart.agent())) {
      var user = pod.getSpec().getSecurityContext();
      assertThat(user.getRunAsNonRoot()).isTrue();
      assertThat(user.getRunAsUser()).isEqualTo(65532);
      assertThat(user.getRunAsGroup()).isEqualTo(65532);
      assertThat(user.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
      var rights = container(pod).getSecurityContext();
      assertThat(rights.getAllowPrivilegeEscalation()).isFalse();
      assertThat(rights.getReadOnlyRootFilesystem()).isTrue();
      assertThat(rights.getPrivileged()).isNull();
      assertThat(rights.getCapabilities().getDrop()).containsExactly("ALL");
      assertThat(rights.getCapabilities().getAdd()).isEmpty();
    }
  }

  @Test
  void onlyTheAgentsFolderForTemporaryFilesIsWritableAndNothingOfTheHostIsMounted() {
    Rendered chart = Chart.render();

    assertThat(chart.agent().getSpec().getVolumes())
        .singleElement()
        .extracting(Volume::getEmptyDir)
        .isNotNull();
    assertThat(container(chart.agent()).getVolumeMounts())
        .singleElement()
        .satisfies(mount -> assertThat(mount.getMountPath()).isEqualTo("/tmp"));
    // kubectl drain refuses to evict a pod that has an emptyDir.
    assertThat(chart.operator().getSpec().getVolumes()).isEmpty();
    assertThat(container(chart.operator()).getVolumeMounts()).isEmpty();
  }

  @Test
  void agentsRunOnEveryNodeOnItsNetworkAndFollowOneAfterTheOther() {
    Rendered chart = Chart.render();

    var pod = chart.agent().getSpec();
    assertThat(pod.getHostNetwork()).isTrue();
    assertThat(pod.getDnsPolicy()).isEqualTo("ClusterFirstWithHostNet");
    assertThat(pod.getTolerations())
        .containsExactly(new Toleration(null, null, "Exists", null, null));
    assertThat(
            chart
                .only(DaemonSet.class, "agent")
                .getSpec()
                .getUpdateStrategy()
                .getRollingUpdate()
                .getMaxUnavailable()
                .getIntVal())
        .isEqualTo(1);
  }

  @Test
  void theOperatorLeavesADrainedNode() {
    assertThat(Chart.render().operator().getSpec().getTolerations())
        .isNotEmpty()
        .allSatisfy(toleration -> assertThat(toleration.getKey()).isNotEmpty())
        .noneMatch(toleration -> "node.kubernetes.io/unschedulable".equals(toleration.getKey()));
  }

  @Test
  void aRollingUpdateOfTheOperatorFreesItsPortFirst() {
    var strategy = Chart.render().only(Deployment.class, "operator").getSpec().getStrategy();

    assertThat(strategy.getRollingUpdate().getMaxSurge().getIntVal()).isZero();
  }

  @Test
  void theProgramLearnsWhereItRuns() {
    Rendered chart = Chart.render();

    assertThat(env(chart.agent(), "NODE_NAME").getValueFrom().getFieldRef().getFieldPath())
        .isEqualTo("spec.nodeName");
    assertThat(env(chart.operator(), "POD_NAMESPACE").getValueFrom().getFieldRef().getFieldPath())
        .isEqualTo("metadata.namespace");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void statusReportReachesBothParts(boolean enabled) {
    Rendered chart = Chart.render("bgpControlPlane.statusReport.enabled=" + enabled);

    for (PodTemplateSpec pod : List.of(chart.operator(), chart.agent())) {
      assertThat(env(pod, "PEERAGE_STATUS_REPORT").getValue()).isEqualTo(String.valueOf(enabled));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lbipam", "nodeipam", "none"})
  void defaultIpamReachesTheOperator(String ipam) {
    Rendered chart = Chart.render("defaultLBServiceIPAM=" + ipam);

    assertThat(env(chart.operator(), "PEERAGE_DEFAULT_LB_SERVICE_IPAM").getValue()).isEqualTo(ipam);
  }

  @Test
  void moreEnvironmentIsAddedToWhatTheChartSets() {
    Rendered chart =
        Chart.render(
            "log.level=debug",
            "agent.extraEnv[0].name=JDK_JAVA_OPTIONS",
            "agent.extraEnv[0].value=-Xint");

    assertThat(env(chart.agent(), "JDK_JAVA_OPTIONS").getValue()).isEqualTo("-Xint");
    assertThat(env(chart.agent(), "PEERAGE_LOG_LEVEL").getValue()).isEqualTo("debug");
    assertThat(env(chart.operator(), "PEERAGE_LOG_LEVEL").getValue()).isEqualTo("debug");
  }

  @Test
  void aChangeOfStatusReportRestartsTheAgents() {
    PodTemplateSpec on = Chart.render("bgpControlPlane.statusReport.enabled=true").agent();
    PodTemplateSpec off = Chart.render("bgpControlPlane.statusReport.enabled=false").agent();

    assertThat(on).isNotEqualTo(off);
  }

  @Test
  void disabledRendersNothingButTheResourceDefinitions() {
    assertThat(Chart.render("bgpControlPlane.enabled=false").objects()).isEmpty();
  }

  @Test
  void imageComesFromTheValues() {
    Rendered chart =
        Chart.render(
            "image.repository=registry.example/peerage", "image.tag=v7", "image.pullPolicy=Never");

    for (PodTemplateSpec pod : List.of(chart.operator(), chart.agent())) {
      assertThat(container(pod).getImage()).isEqualTo("registry.example/peerage:v7");
      assertThat(container(pod).getImagePullPolicy()).isEqualTo("Never");
    }
  }

  @Test
  void probesAskTheHttpServerThatTheProgramIsToldToStart() {
    Rendered chart = Chart.render("agent.httpPort=19878", "operator.httpPort=19879");

    for (var port : Map.of(19878, chart.agent(), 19879, chart.operator()).entrySet()) {
      Container container = container(port.getValue());
      assertThat(container.getArgs()).contains("--http-address=0.0.0.0:" + port.getKey());
      assertThat(container.getPorts())
          .singleElement()
          .returns(port.getKey(), ContainerPort::getContainerPort)
          .returns("http", ContainerPort::getName);
      assertThat(container.getLivenessProbe()).satisfies(probe -> asks(probe, "/healthz"));
      assertThat(container.getStartupProbe()).satisfies(probe -> asks(probe, "/healthz"));
      assertThat(container.getReadinessProbe()).satisfies(probe -> asks(probe, "/readyz"));
      assertThat(port.getValue().getMetadata().getAnnotations())
          .containsEntry("prometheus.io/port", String.valueOf(port.getKey()));
    }
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
    return Stream.of("operator", "agent")
        .flatMap(part -> Stream.of(part, part + "-secrets", part + "-events"))
        .map(name -> prefix + "-" + name)
        .toArray(String[]::new);
  }

  @Test
  void theCommandFindsTheAgentsUnderAnyName() {
    PodTemplateSpec agent = Chart.renderAs("edge", "fullnameOverride=bgp").agent();

    assertThat(agent.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/name", "peerage")
        .containsEntry("app.kubernetes.io/component", "agent");
  }

  @Test
  void agentsWriteTheStatusOfNodeConfigsOnly() {
    assertThat(writes(Chart.render().only(ClusterRole.class, "agent").getRules()))
        .containsExactly("ciliumbgpnodeconfigs/status");
  }

  @Test
  void theOperatorWritesWhatItPlansAndNothingElse() {
    Rendered chart = Chart.render("operator.storageMigration=false");

    assertThat(writes(chart.only(ClusterRole.class, "operator").getRules()))
        .containsExactly(
            "ciliumbgpclusterconfigs/status",
            "ciliumbgpnodeconfigs",
            "ciliumbgppeerconfigs/status",
            "ciliumloadbalancerippools/status",
            "services/status");
    Role election = chart.only(Role.class, "operator");
    assertThat(writes(election.getRules())).containsExactly("leases");
    assertThat(election.getMetadata().getNamespace()).isEqualTo("peerage-system");
  }

  @Test
  void noRightInTheWholeClusterIsAWildcardOrConcernsSecrets() {
    Rendered chart = Chart.render();

    assertThat(chart.all(ClusterRole.class))
        .hasSize(2)
        .flatExtracting(ClusterRole::getRules)
        .allSatisfy(rule -> {
          assertThat(rule.getResources()).isNotEmpty().doesNotContain("*", "secrets");
          assertThat(rule.getVerbs()).isNotEmpty().doesNotContain("*");
          assertThat(rule.getApiGroups()).isNotEmpty().doesNotContain("*");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "operator"})
  void secretsAreReadInOneNamespaceOnly(String part) {
    Rendered chart = Chart.render("bgpControlPlane.secretsNamespace.name=bgp-secrets");

    Role role = chart.only(Role.class, part + "-secrets");
    assertThat(role.getMetadata().getNamespace()).isEqualTo("bgp-secrets");
    assertThat(role.getRules())
        .singleElement()
        .returns(List.of("secrets"), PolicyRule::getResources)
        .returns(List.of("list", "watch"), PolicyRule::getVerbs);
    boundToItsPart(chart, role, part);
    assertThat(
            chart.all(Role.class).stream()
                .filter(each ->
                    each.getRules().stream()
                        .anyMatch(rule -> rule.getResources().contains("secrets"))))
        .hasSize(2);
    assertThat(env(chart.agent(), "PEERAGE_SECRETS_NAMESPACE").getValue()).isEqualTo("bgp-secrets");
    assertThat(chart.all(Namespace.class)).isEmpty();
  }

  @Test
  void theNamespaceOfTheSecretsIsCreatedOnRequest() {
    assertThat(
            Chart.render(
                    "bgpControlPlane.secretsNamespace.create=true",
                    "bgpControlPlane.secretsNamespace.name=bgp-secrets")
                .all(Namespace.class))
        .singleElement()
        .returns("bgp-secrets", namespace -> namespace.getMetadata().getName());
  }

  @Test
  void withoutNamespaceForSecretsThereIsNoRightToReadAny() {
    Rendered chart = Chart.render("bgpControlPlane.secretsNamespace.name=");

    assertThat(chart.all(Role.class))
        .flatExtracting(Role::getRules)
        .flatExtracting(PolicyRule::getResources)
        .doesNotContain("secrets");
    assertThat(env(chart.agent(), "PEERAGE_SECRETS_NAMESPACE").getValue()).isNullOrEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "operator"})
  void eventsAboutObjectsOfTheClusterAreWrittenInDefault(String part) {
    Rendered chart = Chart.render();

    Role role = chart.only(Role.class, part + "-events");
    assertThat(role.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(role.getRules())
        .singleElement()
        .returns(List.of("events.k8s.io"), PolicyRule::getApiGroups)
        .returns(List.of("events"), PolicyRule::getResources)
        .returns(List.of("create", "patch"), PolicyRule::getVerbs);
    boundToItsPart(chart, role, part);
  }

  private static void boundToItsPart(Rendered chart, Role role, String part) {
    assertThat(chart.all(RoleBinding.class))
        .filteredOn(each -> each.getMetadata().getName().equals(role.getMetadata().getName()))
        .singleElement()
        .returns(role.getMetadata().getNamespace(), each -> each.getMetadata().getNamespace())
        .returns(role.getMetadata().getName(), each -> each.getRoleRef().getName())
        .satisfies(binding ->
            assertThat(binding.getSubjects())
                .singleElement()
                .returns("peerage-" + part, Subject::getName)
                .returns("peerage-system", Subject::getNamespace));
  }

  @ParameterizedTest
  @CsvSource({
    "bgpControlPlane.routerIDAllocation.mode=ip-pool"
        + " bgpControlPlane.routerIDAllocation.ipPool=10.0.0.0/8, PEERAGE_ROUTER_ID_MODE, ip-pool",
    "bgpControlPlane.routerIDAllocation.mode=default, PEERAGE_ROUTER_ID_MODE, default",
    "bgpControlPlane.legacyOriginAttribute.enabled=true, PEERAGE_LEGACY_ORIGIN, true",
    "enableNoServiceEndpointsRoutable=false, PEERAGE_NO_SERVICE_ENDPOINTS_ROUTABLE, false",
  })
  void whatDecidesAboutRoutesReachesTheAgents(String value, String variable, String expected) {
    assertThat(env(Chart.render(value.split(" ")).agent(), variable).getValue())
        .isEqualTo(expected);
  }

  @Test
  void rightsNameOnlyResourcesThatTheChartOrCiliumDefines() {
    File[] definitions = Chart.FOLDER.resolve("crds").toFile().listFiles();
    Set<String> defined =
        Stream.of(definitions)
            .map(file -> file.getName().replaceAll("\\.cilium\\.io\\.yaml$", ""))
            .collect(Collectors.toSet());
    defined.addAll(Set.of("ciliumnodes", "ciliumpodippools"));

    assertThat(Chart.render().all(ClusterRole.class))
        .flatExtracting(ClusterRole::getRules)
        .filteredOn(rule -> rule.getApiGroups().contains("cilium.io"))
        .isNotEmpty()
        .flatExtracting(PolicyRule::getResources)
        .allSatisfy(resource -> assertThat(defined).contains(resource.replaceAll("/status$", "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "operator"})
  void theProgramKnowsEveryArgumentAndVariable(String component) throws IOException {
    Rendered chart = Chart.render();
    Container container = container(component.equals("agent") ? chart.agent() : chart.operator());
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
    try (var logging = PeerageCommand.class.getResourceAsStream("/log4j2.properties")) {
      read += new String(logging.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (EnvVar variable : container.getEnv()) {
      assertThat(read).containsPattern("env(ironment)?: ?" + variable.getName() + "\\b");
    }
  }

  @Test
  void eachPartHasTheRightsOfItsOwnServiceAccount() {
    Rendered chart = Chart.render();

    for (String part : List.of("operator", "agent")) {
      ClusterRoleBinding binding = chart.only(ClusterRoleBinding.class, part);
      assertThat(binding.getRoleRef().getName()).isEqualTo("peerage-" + part);
      assertThat(binding.getSubjects())
          .singleElement()
          .satisfies(subject -> {
            assertThat(subject.getName()).isEqualTo("peerage-" + part);
            assertThat(subject.getNamespace()).isEqualTo("peerage-system");
          });
    }
    assertThat(chart.operator().getSpec().getServiceAccountName()).isEqualTo("peerage-operator");
    assertThat(chart.agent().getSpec().getServiceAccountName()).isEqualTo("peerage-agent");
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

  private static Container container(PodTemplateSpec pod) {
    assertThat(pod.getSpec().getContainers()).hasSize(1);
    return pod.getSpec().getContainers().getFirst();
  }

  private static EnvVar env(PodTemplateSpec pod, String name) {
    Optional<EnvVar> found =
        container(pod).getEnv().stream().filter(each -> each.getName().equals(name)).findFirst();
    assertThat(found).as(name).isPresent();
    return found.orElseThrow();
  }

  @Test
  void theMigrationOfStoredObjectsNeedsRightsOfItsOwn() {
    TreeSet<String> with = writes(Chart.render().only(ClusterRole.class, "operator").getRules());
    with.removeAll(
        writes(
            Chart.render("operator.storageMigration=false")
                .only(ClusterRole.class, "operator")
                .getRules()));

    assertThat(with)
        .containsExactly(
            "ciliumbgpadvertisements",
            "ciliumbgpclusterconfigs",
            "ciliumbgpnodeconfigoverrides",
            "ciliumbgppeerconfigs",
            "ciliumloadbalancerippools",
            "customresourcedefinitions/status");
  }

  @Test
  void theModeIpPoolNeedsAPool() {
    assertThatThrownBy(() -> Chart.render("bgpControlPlane.routerIDAllocation.mode=ip-pool"))
        .hasMessageContaining("needs ipPool, a CIDR such as 10.42.0.0/16");
    assertThat(
            env(
                    Chart.render(
                            "bgpControlPlane.routerIDAllocation.mode=ip-pool",
                            "bgpControlPlane.routerIDAllocation.ipPool=10.42.0.0/16")
                        .operator(),
                    "PEERAGE_ROUTER_ID_POOL")
                .getValue())
        .isEqualTo("10.42.0.0/16");
  }

  private static void asks(Probe probe, String path) {
    assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
    assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
  }

  private static Stream<String> names(Rendered chart) {
    return chart.objects().stream().map(HasMetadata::getMetadata).map(meta -> meta.getName());
  }

  private static TreeSet<String> writes(List<PolicyRule> rules) {
    TreeSet<String> resources = new TreeSet<>();
    for (PolicyRule rule : rules) {
      if (!READING.containsAll(rule.getVerbs())) {
        resources.addAll(rule.getResources());
      }
    }
    return resources;
  }
}
