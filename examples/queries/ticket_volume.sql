-- Do we solve as many tickets as come in?
--
-- For each month that is over: tickets created, tickets solved, and those still unsolved when it ended. A ticket that
-- was opened again counts as unsolved until it is solved again.

with ticket as (
    select created_at, solved_at from views.ticket_enriched where not deleted and not spam
),

month_over as (
    select unnest(generate_series(
        date_trunc('month', min(created_at)),
        date_trunc('month', max(created_at)) - interval 1 month,
        interval 1 month
    )) as starts
    from ticket
)

select
    strftime(starts, '%Y-%m') as month,
    count(*) filter (created_at >= starts) as created,
    count(*) filter (solved_at >= starts and solved_at < starts + interval 1 month) as solved,
    any_value(backlog_daily.open_tickets) as unsolved_at_its_end
from month_over
join ticket on created_at < starts + interval 1 month
join views.backlog_daily on backlog_daily.day = last_day(starts)
group by starts
order by starts
