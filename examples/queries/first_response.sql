-- Is the first answer in time?
--
-- Tickets of the last 12 months, by priority. `policy_hours` is what the default SLA policy promises, which may count
-- business hours only; `due_hours` is the time by the clock that Freshdesk gave: it knows which policy holds for a
-- ticket, and the business hours. In time means before `fr_due_by`; overdue tickets without an answer are not in time.

with last_seen as (
    select max(updated_at) as moment from tickets
),

policy as (
    select sla_target from sla_policies where is_default and active order by position limit 1
),

ticket as (
    select
        priority,
        created_at,
        fr_due_by,
        (stats->>'first_responded_at')::timestamp as answered_at,
        (stats->>'resolved_at') is not null as is_solved
    from tickets, last_seen
    where created_at >= moment - interval 12 month and not deleted and not spam
)

select
    ticket_priorities.label as priority,
    any_value((sla_target->('priority_' || ticket_priorities.id)->>'respond_within')::double) / 3600 as policy_hours,
    round(median(date_diff('second', created_at, fr_due_by)) / 3600, 1) as due_hours,
    count(answered_at) as answered,
    round(median(date_diff('second', created_at, answered_at)) / 3600, 1) as median_hours,
    round(quantile_cont(date_diff('second', created_at, answered_at), 0.9) / 3600, 1) as hours_of_9_in_10,
    count(*) filter (answered_at is null and fr_due_by < moment and not is_solved) as overdue,
    round(
        100 * count(*) filter (answered_at <= fr_due_by)
        / count(*) filter (answered_at is not null or (fr_due_by < moment and not is_solved)), 1
    ) as percent_in_time
from ticket
join ticket_priorities on ticket_priorities.id = ticket.priority
cross join last_seen
left join policy on true
group by ticket_priorities.id, ticket_priorities.label
order by ticket_priorities.id desc
