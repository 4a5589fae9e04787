{# The text at a path inside a JSON column, null if there is none: json_text('stats', 'resolved_at'). #}
{% macro json_text(column) %}{{ return(adapter.dispatch('json_text')(column, *varargs)) }}{% endmacro %}

{% macro default__json_text(column) %}
    {%- set path = varargs -%}
    {{ column }}{% for name in path[:-1] %}->'{{ name }}'{% endfor %}->>'{{ path[-1] }}'
{%- endmacro %}

{% macro duckdb__json_text(column) %}json_extract_string({{ column }}, '$.{{ varargs | join(".") }}'){% endmacro %}

{% macro bigquery__json_text(column) %}json_value({{ column }}, '$.{{ varargs | join(".") }}'){% endmacro %}

{% macro snowflake__json_text(column) %}{{ column }}:{{ varargs | join(".") }}::string{% endmacro %}

{# A time of a JSON column, in UTC and without a zone, as the connector's own columns are read. #}
{% macro json_time(column) %}
    {%- set text = json_text(column, *varargs) -%}
    {{ return(adapter.dispatch('utc')(text)) }}
{%- endmacro %}

{% macro default__utc(text) %}cast(cast({{ text }} as timestamp with time zone) at time zone 'UTC' as timestamp){% endmacro %}
{% macro duckdb__utc(text) %}cast({{ text }} as timestamp){% endmacro %}
{% macro bigquery__utc(text) %}cast({{ text }} as timestamp){% endmacro %}
{% macro snowflake__utc(text) %}to_timestamp_ntz({{ text }}){% endmacro %}
