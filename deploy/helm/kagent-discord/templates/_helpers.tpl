{{- define "kagent-discord.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end }}

{{- define "kagent-discord.fullname" -}}
{{- $name := include "kagent-discord.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "kagent-discord.selectorLabels" -}}
app.kubernetes.io/name: {{ include "kagent-discord.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "kagent-discord.labels" -}}
{{ include "kagent-discord.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "kagent-discord.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "kagent-discord.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end }}

{{- define "kagent-discord.secretName" -}}
{{- default (include "kagent-discord.fullname" .) .Values.secret.existingSecret -}}
{{- end }}

{{- define "kagent-discord.claimName" -}}
{{- default (printf "%s-data" (include "kagent-discord.fullname" .)) .Values.persistence.existingClaim -}}
{{- end }}

{{- define "kagent-discord.image" -}}
{{- $path := printf "%s/%s" .Values.image.registry .Values.image.repository -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" $path .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" $path (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end }}

{{- define "kagent-discord.egressTo" -}}
- to:
    - namespaceSelector:
        {{- toYaml .namespaceSelector | nindent 8 }}
  ports:
    - protocol: TCP
      port: {{ .port }}
{{- end }}
