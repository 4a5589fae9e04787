-- By the day on which tickets fell due, their group and priority: how many were answered and solved in time.
--
-- `…_in_time` compares times; `…_escalated` is Freshdesk's own flag. They differ where a ticket was solved without an answer,
-- or where the due time was moved after the flag was set.
with due as (
    select
        'first response' as target,
        cast(fr_due_by as date) as day,
        group_name,
        priority,
        priority_name,
        case when is_answered_in_time or (first_responded_at is null and solved_at <= fr_due_by) then 1 else 0 end as in_time,
        case when fr_escalated then 1 else 0 end as escalated
    from {{ ref('ticket_enriched') }}
    where fr_due_by is not null and not deleted and not spam
    union all
    select
        'resolution' as target,
        cast(due_by as date) as day,
        group_name,
        priority,
        priority_name,
        case when is_solved_in_time then 1 else 0 end as in_time,
        case when is_escalated then 1 else 0 end as escalated
    from {{ ref('ticket_enriched') }}
    where due_by is not null and not deleted and not spam
)

select
    day,
    target,
    group_name,
    priority,
    priority_name,
    count(*) as tickets,
    sum(in_time) as in_time,
    sum(escalated) as escalated
from due
where day <= (select max(day) from {{ ref('days') }})
group by day, target, group_name, priority, priority_name
