-- Each calendar's working time of each day, in UTC. Days off have no row.
with days as (
    {{ dbt.date_spine('day', "cast('" ~ var('first_day') ~ "' as date)", "cast('" ~ var('day_after_last') ~ "' as date)") }}
),

hours as (
    {%- for day in ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] %}
    select
        id as business_hour_id,
        coalesce(time_zone_iana, 'UTC') as zone,
        '{{ day }}' as weekday,
        {{ json_text('working_hours_24h', day, 'start_time') }} as starts,
        {{ json_text('working_hours_24h', day, 'end_time') }} as ends
    from {{ source('freshdesk', 'business_hours') }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

dated as (
    select business_hour_id, cast(date_day as date) as local_day, zone, starts, ends
    from days
    inner join hours on hours.weekday = {{ weekday('cast(date_day as date)') }}
    where starts is not null and ends is not null
)

select
    business_hour_id,
    local_day,
    {{ local_to_utc('local_day', 'starts', 'zone') }} as starts_at,
    -- An end at midnight is that of the day.
    case
        when ends in ('00:00:00', '24:00:00')
            then {{ local_to_utc(dbt.safe_cast(dbt.dateadd('day', 1, 'local_day'), 'date'), "'00:00:00'", 'zone') }}
        else {{ local_to_utc('local_day', 'ends', 'zone') }}
    end as ends_at
from dated
