-- At the end of each day: the tickets that were created and not solved, and their age.
--
-- By the last solution that is known: a ticket that was reopened counts as unsolved before its last solution too.
select
    days.day,
    count(tickets.id) as open_tickets,
    avg({{ dbt.datediff('tickets.created_at', 'days.day', 'day') }}) as average_age_days,
    max({{ dbt.datediff('tickets.created_at', 'days.day', 'day') }}) as oldest_age_days
from {{ ref('days') }} as days
left join {{ ref('ticket_enriched') }} as tickets
    on cast(tickets.created_at as date) <= days.day
    and (tickets.solved_at is null or cast(tickets.solved_at as date) > days.day)
    and not tickets.deleted
    and not tickets.spam
group by days.day
