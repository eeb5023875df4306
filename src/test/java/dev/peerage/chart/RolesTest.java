package dev.peerage.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.peerage.chart.Chart.Rendered;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicyBinding;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.io.File;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operator and agent may read and write: roles, bindings and service accounts. */
class RolesTest {
  private static final Set<String> READING = Set.of("get", "list", "watch");

  @Test
  void agentsWriteTheStatusOfNodeConfigsOnly() {
    assertThat(writes(Chart.render().only(ClusterRole.class, "agent").getRules()))
        .containsExactly("ciliumbgpnodeconfigs/status");
  }

  @Test
  void agentsReadTheirOwnDaemonSetAndNoOther() {
    Rendered chart = Chart.render("fullnameOverride=bgp");
    Role role = chart.only(Role.class, "agent-daemonset");

    assertThat(role.getMetadata().getNamespace()).isEqualTo("peerage-system");
    assertThat(role.getRules())
        .singleElement()
        .returns(List.of("apps"), PolicyRule::getApiGroups)
        .returns(List.of("daemonsets"), PolicyRule::getResources)
        .returns(
            List.of(chart.only(DaemonSet.class, "agent").getMetadata().getName()),
            PolicyRule::getResourceNames)
        .returns(List.of("get"), PolicyRule::getVerbs);
    boundToItsPart(Chart.render(), Chart.render().only(Role.class, "agent-daemonset"), "agent");
  }

  /** They are for people, and bound to nobody by the chart. */
  @Test
  void whoAsksMayReadAndForwardToTheAgentsPodsOnly() {
    Rendered chart = Chart.render();

    assertThat(writes(chart.only(ClusterRole.class, "reader").getRules())).isEmpty();
    Role role = chart.only(Role.class, "reader");
    assertThat(role.getMetadata().getNamespace()).isEqualTo("peerage-system");
    assertThat(writes(role.getRules())).containsExactly("pods/portforward");
    assertThat(chart.all(ClusterRoleBinding.class))
        .noneMatch(each -> each.getRoleRef().getName().endsWith("-reader"));
    assertThat(chart.all(RoleBinding.class))
        .noneMatch(each -> each.getRoleRef().getName().endsWith("-reader"));
  }

  @Test
  void theOperatorWritesWhatItPlansAndNothingElse() {
    Rendered chart = Chart.render();

    assertThat(writes(chart.only(ClusterRole.class, "operator").getRules()))
        .containsExactly(
            "ciliumbgpclusterconfigs/status",
            "ciliumbgpnodeconfigs",
            "ciliumbgppeerconfigs/status",
            "ciliumloadbalancerippools/status",
            "events",
            "services/status");
    Role election = chart.only(Role.class, "operator");
    assertThat(writes(election.getRules())).containsExactly("leases");
    assertThat(election.getMetadata().getNamespace()).isEqualTo("peerage-system");
  }

  @Test
  void theMigrationOfStoredObjectsHasAnAccountOfItsOwnThatGoesWithIt() {
    Rendered chart = Chart.render();

    assertThat(writes(chart.only(ClusterRole.class, "migration").getRules()))
        .containsExactly(
            "ciliumbgpadvertisements",
            "ciliumbgpclusterconfigs",
            "ciliumbgpnodeconfigoverrides",
            "ciliumbgpnodeconfigs",
            "ciliumbgppeerconfigs",
            "ciliumloadbalancerippools",
            "customresourcedefinitions/status");
    List<HasMetadata> own =
        chart.objects().stream()
            .filter(each -> each.getMetadata().getName().equals("peerage-migration"))
            .toList();
    assertThat(own)
        .extracting(HasMetadata::getKind)
        .containsExactlyInAnyOrder("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Job");
    assertThat(own)
        .allSatisfy(each ->
            assertThat(each.getMetadata().getAnnotations())
                .containsEntry("helm.sh/hook", "post-install,post-upgrade")
                .containsEntry(
                    "helm.sh/hook-delete-policy", "before-hook-creation,hook-succeeded"));
    assertThat(Chart.render("operator.storageMigration=false").objects())
        .noneMatch(each -> each.getMetadata().getName().contains("migration"));
  }

  /** A hook that cannot run would hold up Helm until its own limit, and Helm would not say why. */
  @Test
  void theMigrationFailsBeforeHelmStopsWaiting() {
    Job job = Chart.render().only(Job.class, "migration");

    assertThat(job.getSpec().getActiveDeadlineSeconds()).isLessThan(300);
    assertThat(job.getSpec().getBackoffLimit()).isLessThan(6);
    PodSpec pod = job.getSpec().getTemplate().getSpec();
    assertThat(pod.getRestartPolicy()).isEqualTo("Never");
    assertThat(pod.getServiceAccountName()).isEqualTo("peerage-migration");
    assertThat(pod.getContainers().getFirst().getArgs()).containsExactly("migrate-storage");
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

  @Test
  void noRightInTheWholeClusterIsAWildcardOrConcernsSecrets() {
    Rendered chart = Chart.render();

    assertThat(chart.all(ClusterRole.class))
        .hasSize(5)
        .flatExtracting(ClusterRole::getRules)
        .allSatisfy(rule -> {
          assertThat(rule.getResources()).isNotEmpty().doesNotContain("*", "secrets");
          assertThat(rule.getVerbs()).isNotEmpty().doesNotContain("*");
          assertThat(rule.getApiGroups()).isNotEmpty().doesNotContain("*");
        });
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
  void secretsAreReadInOneNamespaceOnly(String part) {
    Rendered chart = Chart.render("bgpControlPlane.secretsNamespace.name=bgp-secrets");

    secretsAreReadIn(chart, part, "bgp-secrets");
    assertThat(chart.all(Namespace.class)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "operator"})
  void unlessToldOtherwiseSecretsAreReadWhereTheReleaseIs(String part) {
    secretsAreReadIn(Chart.render(), part, "peerage-system");
  }

  private static void secretsAreReadIn(Rendered chart, String part, String namespace) {
    Role role = chart.only(Role.class, part + "-secrets");
    assertThat(role.getMetadata().getNamespace()).isEqualTo(namespace);
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
    for (var pod : List.of(chart.agent(), chart.operator())) {
      assertThat(Chart.env(pod, "PEERAGE_SECRETS_NAMESPACE").getValue()).isEqualTo(namespace);
    }
  }

  @Test
  void theNamespaceOfTheSecretsIsCreatedOnRequest() {
    assertThat(
            Chart.render(
                    "bgpControlPlane.secretsNamespace.create=true",
                    "bgpControlPlane.secretsNamespace.name=bgp-secrets")
                .all(Namespace.class))
        .singleElement()
        .returns("bgp-secrets", namespace -> namespace.getMetadata().getName())
        // Uninstalling must not take the passwords along.
        .returns("keep", it -> it.getMetadata().getAnnotations().get("helm.sh/resource-policy"));
    assertThat(Chart.render("bgpControlPlane.secretsNamespace.create=true").all(Namespace.class))
        .isEmpty();
  }

  @Test
  void withoutNamespaceForSecretsThereIsNoRightToReadAny() {
    Rendered chart = Chart.render("bgpControlPlane.secretsNamespace.enabled=false");

    assertThat(chart.all(Role.class))
        .flatExtracting(Role::getRules)
        .flatExtracting(PolicyRule::getResources)
        .doesNotContain("secrets");
    assertThat(Chart.env(chart.agent(), "PEERAGE_SECRETS_NAMESPACE").getValue()).isNullOrEmpty();
  }

  @Test
  void anAgentsEventsAreWrittenInDefault() {
    Rendered chart = Chart.render();

    Role role = chart.only(Role.class, "agent-events");
    assertThat(role.getMetadata().getNamespace()).isEqualTo("default");
    assertThat(role.getRules())
        .singleElement()
        .returns(List.of("events.k8s.io"), PolicyRule::getApiGroups)
        .returns(List.of("events"), PolicyRule::getResources)
        .returns(List.of("create", "patch"), PolicyRule::getVerbs);
    boundToItsPart(chart, role, "agent");
  }

  /** Events are in the namespace of what they are about, and Services are in all. */
  @Test
  void theOperatorsEventsAreWrittenInAllNamespaces() {
    assertThat(Chart.render().only(ClusterRole.class, "operator").getRules())
        .filteredOn(rule -> rule.getResources().contains("events"))
        .singleElement()
        .returns(List.of("events.k8s.io"), PolicyRule::getApiGroups)
        .returns(List.of("create", "patch"), PolicyRule::getVerbs);
  }

  /** The one object of Cilium that says whether both would write the same. */
  @ParameterizedTest
  @CsvSource({"agent, list watch", "operator, get"})
  void ofConfigMapsCiliumsOwnIsReadAndNoOther(String part, String verbs) {
    Rendered chart = Chart.render("cilium.configNamespace=cilium");

    Role role = chart.only(Role.class, part + "-cilium");
    assertThat(role.getMetadata().getNamespace()).isEqualTo("cilium");
    assertThat(role.getRules())
        .singleElement()
        .returns(List.of("configmaps"), PolicyRule::getResources)
        .returns(List.of("cilium-config"), PolicyRule::getResourceNames)
        .returns(List.of(verbs.split(" ")), PolicyRule::getVerbs);
    boundToItsPart(chart, role, part);
    assertThat(Chart.render("cilium.configNamespace=").all(Role.class))
        .flatExtracting(Role::getRules)
        .flatExtracting(PolicyRule::getResources)
        .doesNotContain("configmaps");
  }

  @Test
  void theAdmissionPolicyIsThereWhereTheApiServerHasSuch() {
    assertThat(policies(Chart.render()))
        .containsExactly("peerage-agent-status", "peerage-agent-events");
    assertThat(policies(Chart.renderFor("v1.30.0"))).hasSize(2);
    assertThat(policies(Chart.renderFor("v1.29.9"))).isEmpty();
    assertThat(policies(Chart.renderFor("v1.29.9", "admissionPolicy.enabled=true"))).hasSize(2);
    assertThat(policies(Chart.render("admissionPolicy.enabled=false"))).isEmpty();
  }

  private static List<String> policies(Rendered chart) {
    assertThat(chart.all(ValidatingAdmissionPolicyBinding.class))
        .extracting(binding -> binding.getSpec().getPolicyName())
        .containsExactlyElementsOf(
            chart.all(ValidatingAdmissionPolicy.class).stream()
                .map(policy -> policy.getMetadata().getName())
                .toList());
    return chart.all(ValidatingAdmissionPolicy.class).stream()
        .map(policy -> policy.getMetadata().getName())
        .toList();
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
}
