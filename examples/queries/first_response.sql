-- Is the first answer in time?
--
-- Tickets of the last 12 months, by priority. `policy_hours` is what the default SLA policy promises, in business hours
-- where it says so; `due_hours` is the time by the clock that Freshdesk gave. In time means before `fr_due_by`; overdue
-- tickets without an answer are not in time. `percent_not_flagged` goes by Freshdesk's own flag `fr_escalated` instead:
-- it is lower where tickets were solved without an answer, since Freshdesk flags them once their time has passed.

with last_seen as (
    select max(updated_at) as moment from views.ticket_enriched
),

policy as (
    select sla_target from sla_policies where is_default and active order by position limit 1
),

ticket as (
    select
        *,
        first_responded_at is null and not is_solved and fr_due_by < moment as is_overdue,
        first_responded_at is null and is_solved and fr_due_by < moment as is_unanswered
    from views.ticket_enriched, last_seen
    where created_at >= moment - interval 12 month and not deleted and not spam
)

select
    priority_name as priority,
    any_value((sla_target->('priority_' || priority)->>'respond_within')::double) / 3600 as policy_hours,
    round(median(date_diff('second', created_at, fr_due_by)) / 3600, 1) as due_hours,
    count(first_responded_at) as answered,
    round(median(first_response_seconds) / 3600, 1) as median_hours,
    round(median(first_response_business_seconds) / 3600, 1) as median_business_hours,
    round(quantile_cont(first_response_seconds, 0.9) / 3600, 1) as hours_of_9_in_10,
    count(*) filter (is_overdue) as overdue,
    count(*) filter (is_unanswered) as solved_without_answer,
    round(
        100 * count(*) filter (is_answered_in_time)
        / nullif(count(*) filter (first_responded_at is not null or is_overdue), 0), 1
    ) as percent_in_time,
    round(
        100 * count(*) filter (not fr_escalated and (first_responded_at is not null or is_overdue or is_unanswered))
        / nullif(count(*) filter (first_responded_at is not null or is_overdue or is_unanswered), 0), 1
    ) as percent_not_flagged
from ticket
left join policy on true
group by priority, priority_name
order by ticket.priority desc
