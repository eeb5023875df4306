package dev.peerage.rights;

import static java.util.Objects.requireNonNullElse;
import static org.awaitility.Awaitility.await;

import dev.peerage.apiserver.ApiServer;
import dev.peerage.chart.Chart;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One right that the chart gives: one verb on one resource, or on one object of it.
 *
 * @param account the service account
 * @param role the name of the Role or ClusterRole
 * @param namespace that of the Role; empty for a ClusterRole
 * @param name of the object; empty for all
 */
record Grant(
    String account,
    String role,
    String namespace,
    String group,
    String resource,
    String name,
    String verb) {
  /** All rights of a chart. */
  static List<Grant> all(Chart.Rendered chart) {
    var grants = new ArrayList<Grant>();
    for (ClusterRole role : chart.all(ClusterRole.class)) {
      String name = role.getMetadata().getName();
      role.getRules().forEach(rule -> add(grants, name, name, "", rule));
    }
    for (Role role : chart.all(Role.class)) {
      String name = role.getMetadata().getName();
      String account = name.replaceAll("^(peerage-[a-z]+).*", "$1");
      role.getRules()
          .forEach(rule -> add(grants, account, name, role.getMetadata().getNamespace(), rule));
    }
    return grants;
  }

  private static void add(
      List<Grant> grants, String account, String role, String namespace, PolicyRule rule) {
    List<String> named = requireNonNullElse(rule.getResourceNames(), List.of());
    List<String> names = named.isEmpty() ? List.of("") : named;
    for (String group : rule.getApiGroups()) {
      for (String resource : rule.getResources()) {
        for (String name : names) {
          for (String verb : rule.getVerbs()) {
            grants.add(new Grant(account, role, namespace, group, resource, name, verb));
          }
        }
      }
    }
  }

  /** Whether a request could not have been answered without it. */
  boolean isUsedBy(AuditLog.Request request) {
    // An apply that makes a new object needs both rights.
    boolean asked =
        request.verb().equals(verb)
            || verb.equals("create") && request.verb().equals("patch") && request.code() == 201;
    return asked
        && !request.isRefused()
        && request.account().equals(account)
        && request.group().equals(group)
        && request.resource().equals(resource)
        && (name.isEmpty() || name.equals(request.name()))
        && (namespace.isEmpty() || namespace.equals(request.namespace()));
  }

  /** Takes it away until it is closed. */
  AutoCloseable remove(KubernetesClient admin) {
    List<PolicyRule> others = new ArrayList<>();
    List<PolicyRule> before;
    if (namespace.isEmpty()) {
      var live = admin.rbac().clusterRoles().withName(role);
      before = live.get().getRules();
      before.forEach(rule -> addOthers(rule, others));
      live.edit(it -> {
        it.setRules(others);
        return it;
      });
    } else {
      var live = admin.rbac().roles().inNamespace(namespace).withName(role);
      before = live.get().getRules();
      before.forEach(rule -> addOthers(rule, others));
      live.edit(it -> {
        it.setRules(others);
        return it;
      });
    }
    awaitAllowed(admin, false);
    return () -> {
      if (namespace.isEmpty()) {
        admin
            .rbac()
            .clusterRoles()
            .withName(role)
            .edit(it -> {
              it.setRules(before);
              return it;
            });
      } else {
        admin
            .rbac()
            .roles()
            .inNamespace(namespace)
            .withName(role)
            .edit(it -> {
              it.setRules(before);
              return it;
            });
      }
      awaitAllowed(admin, true);
    };
  }

  private void addOthers(PolicyRule rule, List<PolicyRule> others) {
    List<Grant> split = new ArrayList<>();
    add(split, account, role, namespace, rule);
    for (Grant each : split) {
      if (!each.equals(this)) {
        others.add(
            new PolicyRuleBuilder()
                .withApiGroups(each.group)
                .withResources(each.resource)
                .withResourceNames(each.name.isEmpty() ? List.of() : List.of(each.name))
                .withVerbs(each.verb)
                .build());
      }
    }
  }

  private void awaitAllowed(KubernetesClient admin, boolean allowed) {
    String[] resourceAndPart = resource.split("/");
    var review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser("system:serviceaccount:" + ApiServer.NAMESPACE + ":" + account)
            .withNewResourceAttributes()
            .withGroup(group)
            .withResource(resourceAndPart[0])
            .withSubresource(resourceAndPart.length > 1 ? resourceAndPart[1] : "")
            .withNamespace(namespace)
            .withName(name)
            .withVerb(verb)
            .endResourceAttributes()
            .endSpec()
            .build();
    await(this + " allowed: " + allowed)
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> admin.resource(review).create().getStatus().getAllowed() == allowed);
  }

  @Override
  public String toString() {
    return account
        + " may "
        + verb
        + " "
        + resource
        + (group.isEmpty() ? "" : "." + group)
        + (name.isEmpty() ? "" : " " + name)
        + (namespace.isEmpty() ? "" : " in " + namespace);
  }
}
