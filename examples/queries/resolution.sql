-- Are tickets solved in time?
--
-- Tickets of the last 12 months, by priority. `policy_hours` is what the default SLA policy promises, in business hours
-- where it says so; `due_hours` is the time by the clock that Freshdesk gave: it knows which policy holds for a ticket.
-- In time means before `due_by`; unsolved tickets beyond it are overdue, not in time. `percent_not_flagged` goes by
-- Freshdesk's own flag `is_escalated`: the two differ where the due time was moved after the flag was set.

with last_seen as (
    select max(updated_at) as moment from views.ticket_enriched
),

policy as (
    select sla_target from sla_policies where is_default and active order by position limit 1
),

ticket as (
    select *, not is_solved and due_by < moment as is_overdue
    from views.ticket_enriched, last_seen
    where created_at >= moment - interval 12 month and not deleted and not spam
)

select
    priority_name as priority,
    any_value((sla_target->('priority_' || priority)->>'resolve_within')::double) / 3600 as policy_hours,
    round(median(date_diff('second', created_at, due_by)) / 3600, 1) as due_hours,
    count(*) filter (is_solved) as solved,
    round(median(resolution_seconds) / 3600, 1) as median_hours,
    round(median(resolution_business_seconds) / 3600, 1) as median_business_hours,
    round(quantile_cont(resolution_seconds, 0.9) / 3600, 1) as hours_of_9_in_10,
    count(*) filter (is_overdue) as overdue,
    round(
        100 * count(*) filter (is_solved_in_time) / nullif(count(*) filter (is_solved or is_overdue), 0), 1
    ) as percent_in_time,
    round(
        100 * count(*) filter (not is_escalated and (is_solved or is_overdue))
        / nullif(count(*) filter (is_solved or is_overdue), 0), 1
    ) as percent_not_flagged
from ticket
left join policy on true
group by priority, priority_name
order by ticket.priority desc
