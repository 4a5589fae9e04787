-- What is still open, and for how long?
--
-- Tickets that are not solved, by the time since they were created. Overdue are those whose `due_by` has passed;
-- `unassigned` have no agent.

with last_seen as (
    select max(updated_at) as moment from views.ticket_enriched
),

open_ticket as (
    select
        priority,
        agent_id,
        due_by < moment as is_overdue,
        case
            when created_at > moment - interval 1 day then 1
            when created_at > moment - interval 3 day then 2
            when created_at > moment - interval 7 day then 3
            when created_at > moment - interval 28 day then 4
            when created_at > moment - interval 91 day then 5
            else 6
        end as age
    from views.ticket_enriched, last_seen
    where not is_solved and not deleted and not spam
)

select
    ['up to 1 day', '1 to 3 days', '3 to 7 days', '1 to 4 weeks', '4 to 13 weeks', 'longer'][age] as open_for,
    count(*) as tickets,
    count(*) filter (priority = 4) as urgent,
    count(*) filter (priority = 3) as high,
    count(*) filter (priority = 2) as medium,
    count(*) filter (priority = 1) as low,
    count(*) filter (is_overdue) as overdue,
    count(*) filter (agent_id is null) as unassigned
from open_ticket
group by age
order by age
