{# A time of day on a day in a time zone, as a time in UTC. #}
{% macro local_to_utc(day, time_of_day, zone) %}{{ return(adapter.dispatch('local_to_utc')(day, time_of_day, zone)) }}{% endmacro %}

{% macro default__local_to_utc(day, time_of_day, zone) %}
    (cast(cast({{ day }} as varchar) || ' ' || {{ time_of_day }} as timestamp) at time zone {{ zone }}) at time zone 'UTC'
{%- endmacro %}

{% macro bigquery__local_to_utc(day, time_of_day, zone) %}
    timestamp(cast(concat(cast({{ day }} as string), ' ', {{ time_of_day }}) as datetime), {{ zone }})
{%- endmacro %}

{% macro snowflake__local_to_utc(day, time_of_day, zone) %}
    convert_timezone({{ zone }}, 'UTC', to_timestamp_ntz({{ day }}::varchar || ' ' || {{ time_of_day }}))
{%- endmacro %}

{# Seconds from one time to another. #}
{% macro seconds_between(earlier, later) %}{{ dbt.datediff(earlier, later, 'second') }}{% endmacro %}

{# The name of the weekday in lower case. #}
{% macro weekday(day) %}{{ return(adapter.dispatch('weekday')(day)) }}{% endmacro %}
{% macro default__weekday(day) %}trim(to_char({{ day }}, 'day')){% endmacro %}
{% macro duckdb__weekday(day) %}lower(dayname({{ day }})){% endmacro %}
{% macro bigquery__weekday(day) %}lower(format_date('%A', {{ day }})){% endmacro %}
{% macro snowflake__weekday(day) %}
    decode(dayofweekiso({{ day }}), 1, 'monday', 2, 'tuesday', 3, 'wednesday', 4, 'thursday', 5, 'friday', 6, 'saturday', 'sunday')
{%- endmacro %}
