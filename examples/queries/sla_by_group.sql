-- Where do we break our promises?
--
-- Tickets that fell due in the last 12 months, by group and priority: the share whose first answer and whose solution came
-- too late or not at all.

with due as (
    select * from views.sla_daily where day >= (select max(day) from views.days) - interval 12 month
)

select
    coalesce(group_name, 'no group') as group_name,
    priority_name as priority,
    sum(tickets) filter (target = 'resolution')::bigint as tickets,
    round(100 * sum(tickets - in_time) filter (target = 'first response')
        / sum(tickets) filter (target = 'first response'), 1) as percent_answered_late,
    round(100 * sum(tickets - in_time) filter (target = 'resolution')
        / sum(tickets) filter (target = 'resolution'), 1) as percent_solved_late
from due
group by group_name, priority, priority_name
order by due.group_name, due.priority desc
