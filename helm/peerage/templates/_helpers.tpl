{{/* Prefix of all objects' names. */}}
{{- define "peerage.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else if contains $name .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/*
What selects a component's pods: (list $ "agent"). The name label is fixed, because the peerage command looks for it.
*/}}
{{- define "peerage.selectorLabels" -}}
app.kubernetes.io/name: peerage
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "peerage.labels" -}}
{{- $root := index . 0 -}}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{ include "peerage.selectorLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
{{- end }}

{{/* Annotations of a component's pods: (list $ .Values.agent). */}}
{{- define "peerage.podAnnotations" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- $annotations := dict "kubectl.kubernetes.io/default-container" "peerage" -}}
{{- if and $root.Values.prometheus.enabled (ne (include "peerage.metricsMode" $root) "off") }}
{{- $_ := set $annotations "prometheus.io/scrape" "true" }}
{{- $_ := set $annotations "prometheus.io/scheme" (eq (include "peerage.metricsMode" $root) "tls" | ternary "https" "http") }}
{{- $_ := set $annotations "prometheus.io/port" ($part.metricsPort | toString) }}
{{- $_ := set $annotations "prometheus.io/path" "/metrics" }}
{{- end }}
{{- toYaml (mergeOverwrite $annotations $part.podAnnotations) }}
{{- end }}

{{/* The fields of a pod's spec that both components share: (list $ .Values.agent). */}}
{{- define "peerage.podSpec" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- with $root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $part.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile:
    type: RuntimeDefault
{{- end }}

{{/* The fields of a container that both components share: (list $ .Values.agent). */}}
{{- define "peerage.container" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
image: {{ printf "%s:%s" $root.Values.image.repository $root.Values.image.tag | quote }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
ports:
  - name: http
    containerPort: {{ $part.httpPort }}
    protocol: TCP
  {{- if ne (include "peerage.metricsMode" $root) "off" }}
  - name: metrics
    containerPort: {{ $part.metricsPort }}
    protocol: TCP
  {{- end }}
  {{- with $part.lookingGlassPort }}
  # The peerage command finds it by this name.
  - name: looking-glass
    containerPort: {{ . }}
    protocol: TCP
  {{- end }}
# No startup and no liveness probe: whoever has the port on the node would have the container restarted for ever. A process
# that stands still ends itself.
readinessProbe:
  httpGet:
    {{- include "peerage.probeHost" . | nindent 4 }}
    path: /readyz
    port: http
  periodSeconds: 5
  timeoutSeconds: 5
resources:
  {{- toYaml $part.resources | nindent 2 }}
securityContext:
  {{- if get $part "bindPrivilegedPorts" }}
  # Without it the kernel ignores capabilities of files; there is one such file, and one capability.
  allowPrivilegeEscalation: true
  {{- else }}
  allowPrivilegeEscalation: false
  {{- end }}
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
    {{- if get $part "bindPrivilegedPorts" }}
    add: [NET_BIND_SERVICE]
    {{- end }}
{{- end }}

{{/* off, plain or tls. YAML reads an `off` without quotes as false. */}}
{{- define "peerage.metricsMode" -}}
{{- $mode := toString .Values.metrics.mode -}}
{{- ternary "off" $mode (eq $mode "false") -}}
{{- end }}

{{/*
The kubelet probes on the node's loopback address, which no other machine and no pod with a network of its own reaches.
Into a pod with a network of its own it comes from outside: (list $ .Values.operator).
*/}}
{{- define "peerage.probeHost" -}}
{{- if include "peerage.onHostNetwork" . -}}
host: 127.0.0.1
{{- end }}
{{- end }}

{{/* Not empty for a part that runs on the host's network, as agents always do. */}}
{{- define "peerage.onHostNetwork" -}}
{{- if get (index . 1) "hostNetwork" | toString | ne "false" }}yes{{ end }}
{{- end }}

{{/* The arguments about HTTP that both components share: (list $ .Values.agent). */}}
{{- define "peerage.httpArgs" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
{{- include "peerage.distinctPorts" $root -}}
- --http-address={{ include "peerage.onHostNetwork" . | empty | ternary "0.0.0.0" "127.0.0.1" }}:{{ $part.httpPort }}
{{- if ne (include "peerage.metricsMode" $root) "off" }}
{{- $address := $root.Values.metrics.bindAddress }}
- --metrics-address={{ contains ":" $address | ternary (printf "[%s]" $address) $address }}:{{ $part.metricsPort }}
{{- end }}
{{- if eq (include "peerage.metricsMode" $root) "tls" }}
- --metrics-certificates=/etc/peerage/metrics
{{- end }}
{{- end }}

{{/* The certificate of the metrics, in mode tls. */}}
{{- define "peerage.certificatesMount" -}}
{{- if eq (include "peerage.metricsMode" .) "tls" -}}
- name: metrics-certificates
  mountPath: /etc/peerage/metrics
  readOnly: true
{{- end }}
{{- end }}
{{- define "peerage.certificatesVolume" -}}
{{- if eq (include "peerage.metricsMode" .) "tls" -}}
- name: metrics-certificates
  secret:
    secretName: {{ .Values.metrics.tls.secretName }}
    # Without it the metrics wait, not the sessions.
    optional: true
{{- end }}
{{- end }}

{{/* Two listeners on one network cannot have the same port; a JSON schema cannot compare values. */}}
{{- define "peerage.distinctPorts" -}}
{{- $agent := dict "agent.lookingGlassPort" .Values.agent.lookingGlassPort "agent.httpPort" .Values.agent.httpPort "agent.metricsPort" .Values.agent.metricsPort -}}
{{- $operator := dict "operator.httpPort" .Values.operator.httpPort "operator.metricsPort" .Values.operator.metricsPort -}}
{{- $networks := ternary (list (merge (dict) $agent $operator)) (list $agent $operator) .Values.operator.hostNetwork -}}
{{- range $network := $networks -}}
{{- range $name, $port := $network -}}
{{- range $other, $same := $network -}}
{{- if and (lt $name $other) (eq (int $port) (int $same)) -}}
{{- fail (printf "%s and %s are both %d; give each port of the node to one of them" $name $other (int $port)) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The environment that both components share: (list $ .Values.agent). */}}
{{- define "peerage.env" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
- name: PEERAGE_STATUS_REPORT
  value: {{ $root.Values.bgpControlPlane.statusReport.enabled | quote }}
- name: PEERAGE_LOG_LEVEL
  value: {{ $root.Values.log.level }}
- name: PEERAGE_LOG_FORMAT
  value: {{ $root.Values.log.format }}
{{- with $part.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Binds a part's service account to its Role of that suffix: (list $ "agent" "secrets" "kube-system"). */}}
{{- define "peerage.roleBinding" }}
{{- $root := index . 0 }}
{{- $account := printf "%s-%s" (include "peerage.fullname" $root) (index . 1) }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ $account }}-{{ index . 2 }}
  namespace: {{ index . 3 }}
  labels:
    {{- include "peerage.labels" (list $root (index . 1)) | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ $account }}-{{ index . 2 }}
subjects:
  - kind: ServiceAccount
    name: {{ $account }}
    namespace: {{ $root.Release.Namespace }}
{{- end }}

{{/* Whether Helm asks an API server: only then it knows kinds beside versions, and can look objects up. */}}
{{- define "peerage.live" -}}
{{- if .Capabilities.APIVersions.Has "apps/v1/Deployment" -}}
true
{{- end }}
{{- end }}

{{/*
Whether stored objects may have to be rewritten: not where the API server says that none is stored as v2alpha1, or that
the definitions would store them so again. A rendering without API server cannot know.
*/}}
{{- define "peerage.storageMigration" -}}
{{- if and .Values.bgpControlPlane.enabled .Values.operator.storageMigration }}
{{- $outdated := false }}
{{- $live := include "peerage.live" . }}
{{- $kinds := list "advertisements" "clusterconfigs" "nodeconfigoverrides" "nodeconfigs" "peerconfigs" }}
{{- $names := list "ciliumloadbalancerippools.cilium.io" }}
{{- range $kinds }}
{{- $names = append $names (printf "ciliumbgp%s.cilium.io" .) }}
{{- end }}
{{- range $name := ternary $names list (eq $live "true") }}
{{- with lookup "apiextensions.k8s.io/v1" "CustomResourceDefinition" "" $name }}
{{- $stored := "" }}
{{- range .spec.versions }}
{{- if .storage }}
{{- $stored = .name }}
{{- end }}
{{- end }}
{{- if and (ne $stored "v2alpha1") (has "v2alpha1" ((.status | default dict).storedVersions | default list)) }}
{{- $outdated = true }}
{{- end }}
{{- end }}
{{- end }}
{{- if or $outdated (not $live) -}}
true
{{- end }}
{{- end }}
{{- end }}

{{/* Where the Secrets of authSecretRef are; empty: there are no passwords. */}}
{{- define "peerage.secretsNamespace" -}}
{{- $secrets := .Values.bgpControlPlane.secretsNamespace -}}
{{- if ne (toString $secrets.enabled) "false" -}}
{{- default .Release.Namespace $secrets.name -}}
{{- end -}}
{{- end }}

{{/* Where Cilium's ConfigMap cilium-config is; empty: it is not looked at. */}}
{{- define "peerage.ciliumNamespace" -}}
{{- (.Values.cilium | default (dict "configNamespace" "kube-system")).configNamespace -}}
{{- end }}

{{/* Whether the admission policy is installed. Without API server its version says whether it can be. */}}
{{- define "peerage.admissionPolicy" -}}
{{- $enabled := toString (.Values.admissionPolicy | default (dict "enabled" "auto")).enabled -}}
{{- $served := .Capabilities.APIVersions.Has "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy" -}}
{{- if not (include "peerage.live" .) -}}
{{- $served = semverCompare ">=1.30.0-0" .Capabilities.KubeVersion.Version -}}
{{- end -}}
{{- if and .Values.bgpControlPlane.enabled (or (eq $enabled "true") (and (eq $enabled "auto") $served)) -}}
true
{{- end -}}
{{- end }}
