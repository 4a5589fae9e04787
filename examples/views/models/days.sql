-- The days from the first ticket to the last change, in UTC.
with days as (
    {{ dbt.date_spine('day', "cast('" ~ var('first_day') ~ "' as date)", "cast('" ~ var('day_after_last') ~ "' as date)") }}
)

select cast(date_day as date) as day
from days
where
    cast(date_day as date) >= (select cast(min(created_at) as date) from {{ source('freshdesk', 'tickets') }})
    and cast(date_day as date) <= (select cast(max(updated_at) as date) from {{ source('freshdesk', 'tickets') }})
